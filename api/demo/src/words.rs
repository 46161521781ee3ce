//! Texts of demo people's profiles and reviews. Schools and universities are invented.

/// A list of words in Russian and in English.
pub(super) struct Words {
    pub ru: &'static [&'static str],
    pub en: &'static [&'static str],
}

pub(super) const UNIVERSITIES: Words = Words {
    ru: &[
        "Приволжский педагогический университет",
        "Северный гуманитарный институт",
        "Институт точных наук «Меридиан»",
        "Университет прикладной лингвистики",
        "Озёрский технический университет",
    ],
    en: &[
        "Larksmead University",
        "Institute of Applied Languages, Rushmere",
        "Thornbrook College of Education",
        "Alderwick Technical University",
    ],
};
/// Notes of students to a booking.
pub(super) const NOTES: &[&str] = &[
    "Задача 18 с параметром, вариант 12.",
    "Разобрать ошибки контрольной.",
    "Повторить к олимпиаде: комбинаторика.",
    "Сочинение по «Мёртвым душам».",
    "Present Perfect, please: I still mix it up.",
];
/// Reviews of lessons by students.
pub(super) const REVIEWS: &[&str] = &[
    "Объясняет понятно, время пролетело незаметно.",
    "Разобрали трудную тему, осталось потренироваться.",
    "Спокойно и по делу, спасибо!",
    "Хороший урок, но хотелось бы больше задач.",
    "Clear, patient and well prepared.",
];
pub(super) const DEGREES: Words = Words {
    ru: &["бакалавр", "магистр", "специалист", "кандидат наук"],
    en: &["BA", "BSc", "MA", "MSc", "PhD"],
};
pub(super) const COURSES: Words = Words {
    ru: &[
        "Методика онлайн-преподавания",
        "Психология подростка",
        "Эксперт ЕГЭ",
        "Олимпиадная подготовка",
        "Инклюзивное обучение",
    ],
    en: &[
        "Teaching online",
        "Assessment for learning",
        "Adolescent psychology",
        "CELTA",
        "Inclusive classrooms",
    ],
};
pub(super) const SCHOOLS: Words = Words {
    ru: &[
        "Школа «Маяк»",
        "Гимназия «Северная»",
        "Лицей «Точка опоры»",
        "Школа № 2047",
        "Гимназия № 913",
        "Лицей при университете «Меридиан»",
    ],
    en: &["Rushmere School", "Elmsworthy Grammar", "Harbour Lane Academy", "Pebblewood High"],
};
pub(super) const INTERESTS: Words = Words {
    ru: &[
        "шахматы",
        "плавание",
        "рисование",
        "футбол",
        "астрономия",
        "музыка",
        "компьютерные игры",
        "театр",
        "чтение",
        "скалолазание",
        "кулинария",
        "робототехника",
    ],
    en: &[
        "chess",
        "swimming",
        "drawing",
        "football",
        "astronomy",
        "music",
        "gaming",
        "theatre",
        "reading",
        "climbing",
        "cooking",
        "robots",
    ],
};

/// First parts of biographies of teachers.
pub(super) const TEACHER_BIOS: Words = Words {
    ru: &[
        "Объясняю сложное простыми словами и не ухожу от темы, пока она не стала понятной.",
        "Сначала нахожу пробелы, потом составляю план на четверть и держу вас в курсе.",
        "На уроках много практики: теорию разбираем на задачах, которые встречаются на экзамене.",
        "Работаю с детьми, которые уверены, что у них «не получается». Получается.",
        "Готовлю к экзаменам и олимпиадам, разбираю каждую ошибку до конца.",
    ],
    en: &[
        "I explain hard things in plain words and stay with a topic until it is clear.",
        "First I find the gaps, then we agree on a plan for the term and follow it.",
        "Plenty of practice: theory comes with problems that turn up in exams.",
        "I like working with people who believe that they cannot do it. They can.",
    ],
};
pub(super) const TEACHER_BIO_ENDS: Words = Words {
    ru: &[
        "Первый урок пробный.",
        "Домашнее задание проверяю в тот же день.",
        "После каждого занятия пишу родителям короткий отчёт.",
        "Провожу занятия и утром, и поздно вечером.",
    ],
    en: &[
        "The first lesson is a trial.",
        "Homework is checked the same day.",
        "Parents get a short note after each lesson.",
        "Early mornings and late evenings are fine.",
    ],
};
pub(super) const STUDENT_BIOS: Words = Words {
    ru: &[
        "Хочу подтянуть предмет до конца четверти.",
        "Готовлюсь к экзамену, нужен понятный план.",
        "Люблю учиться в своём темпе и задавать вопросы.",
        "Раньше предмет не давался, хочу разобраться с начала.",
    ],
    en: &[
        "I want to catch up before the end of term.",
        "Preparing for an exam and looking for a clear plan.",
        "I like to learn at my own pace and ask questions.",
    ],
};

pub(super) const USER_AGENTS: &[&str] = &[
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
];

pub(super) const SUSPENSIONS: &[&str] = &[
    "several lessons missed without notice",
    "payment is being clarified",
    "offers outside the platform",
    "documents are being checked",
];

/// Subjects that are taught together, with their goals and grades.
pub(super) struct Field {
    pub subjects: &'static [&'static str],
    pub goals: &'static [&'static str],
    pub grades: &'static [&'static str],
}

pub(super) const FIELDS: &[Field] = &[
    Field {
        subjects: &["mathematics", "algebra", "geometry"],
        goals: &["ege", "oge", "improve_grades", "olympiad", "catch_up"],
        grades: &["5", "6", "7", "8", "9", "10", "11"],
    },
    Field {
        subjects: &["mathematics", "higher_mathematics", "statistics"],
        goals: &["university_course", "ege", "advanced_study"],
        grades: &["10", "11", "student"],
    },
    Field {
        subjects: &["physics", "astronomy", "mathematics"],
        goals: &["ege", "oge", "olympiad", "improve_grades"],
        grades: &["7", "8", "9", "10", "11"],
    },
    Field {
        subjects: &["chemistry", "biology"],
        goals: &["ege", "oge", "university_admission", "improve_grades"],
        grades: &["8", "9", "10", "11"],
    },
    Field {
        subjects: &["informatics", "programming", "robotics"],
        goals: &["ege", "oge", "hobby", "work"],
        grades: &["5", "6", "7", "8", "9", "10", "11", "student", "adult"],
    },
    Field {
        subjects: &["russian", "literature"],
        goals: &["ege", "oge", "vpr", "improve_grades"],
        grades: &["5", "6", "7", "8", "9", "10", "11"],
    },
    Field {
        subjects: &["history", "social_studies", "law"],
        goals: &["ege", "oge", "olympiad", "university_admission"],
        grades: &["8", "9", "10", "11"],
    },
    Field {
        subjects: &["english"],
        goals: &["conversation", "language_certificate", "work", "travel", "ege", "improve_grades"],
        grades: &["3", "4", "5", "6", "7", "8", "9", "10", "11", "student", "adult"],
    },
    Field {
        subjects: &["english", "spanish"],
        goals: &["conversation", "travel", "relocation", "hobby"],
        grades: &["7", "8", "9", "10", "11", "student", "adult"],
    },
    Field {
        subjects: &["german", "french"],
        goals: &["conversation", "language_certificate", "relocation", "improve_grades"],
        grades: &["5", "6", "7", "8", "9", "10", "11", "student", "adult"],
    },
    Field {
        subjects: &["primary_school", "preschool"],
        goals: &["school_readiness", "homework", "catch_up"],
        grades: &["1", "2", "3", "4"],
    },
    Field {
        subjects: &["economics", "social_studies"],
        goals: &["ege", "olympiad", "university_course"],
        grades: &["9", "10", "11", "student"],
    },
];
