### Словарь. Идентификатор — список и код.

## Предметы

subjects-mathematics = Математика
subjects-algebra = Алгебра
subjects-geometry = Геометрия
subjects-higher_mathematics = Высшая математика
subjects-statistics = Теория вероятностей и статистика
subjects-physics = Физика
subjects-astronomy = Астрономия
subjects-chemistry = Химия
subjects-biology = Биология
subjects-geography = География
subjects-informatics = Информатика
subjects-programming = Программирование
subjects-robotics = Робототехника
subjects-russian = Русский язык
subjects-russian_as_foreign = Русский как иностранный
subjects-literature = Литература
subjects-history = История
subjects-social_studies = Обществознание
subjects-economics = Экономика
subjects-law = Право
subjects-philosophy = Философия
subjects-psychology = Психология
subjects-english = Английский язык
subjects-german = Немецкий язык
subjects-french = Французский язык
subjects-spanish = Испанский язык
subjects-italian = Итальянский язык
subjects-chinese = Китайский язык
subjects-japanese = Японский язык
subjects-korean = Корейский язык
subjects-arabic = Арабский язык
subjects-turkish = Турецкий язык
subjects-primary_school = Начальная школа
subjects-preschool = Подготовка к школе
subjects-speech_therapy = Логопедия
subjects-music = Музыка
subjects-piano = Фортепиано
subjects-guitar = Гитара
subjects-vocals = Вокал
subjects-drawing = Рисование
subjects-chess = Шахматы

## Цели

goals-ege = Подготовка к ЕГЭ
goals-oge = Подготовка к ОГЭ
goals-vpr = Подготовка к ВПР
goals-olympiad = Подготовка к олимпиадам
goals-improve_grades = Повышение успеваемости
goals-homework = Помощь с домашними заданиями
goals-catch_up = Ликвидация пробелов
goals-advanced_study = Углублённое изучение
goals-university_admission = Поступление в вуз
goals-university_course = Помощь с вузовской программой
goals-school_readiness = Подготовка к школе
goals-language_certificate = Международный экзамен по языку
goals-conversation = Разговорная практика
goals-work = Для работы
goals-travel = Для путешествий
goals-relocation = Для переезда
goals-hobby = Для себя

## Классы и уровни

grades-1 = 1 класс
grades-2 = 2 класс
grades-3 = 3 класс
grades-4 = 4 класс
grades-5 = 5 класс
grades-6 = 6 класс
grades-7 = 7 класс
grades-8 = 8 класс
grades-9 = 9 класс
grades-10 = 10 класс
grades-11 = 11 класс
grades-student = Студент
grades-adult = Взрослый

## Опыт преподавателя

teacher_experience-beginner = Начинающий
teacher_experience-experienced = Опытный
teacher_experience-professional = Профессионал

## Уровень ученика

student_experience-beginner = Начальный уровень
student_experience-intermediate = Средний уровень
student_experience-advanced = Продвинутый уровень

## Длительность урока

durations-30 = 30 минут
durations-45 = 45 минут
durations-60 = 60 минут
durations-90 = 90 минут
durations-120 = 120 минут

## Форматы

formats-online = Онлайн
formats-offline = Очно
formats-mini_group = Мини-группа

## Виды уроков

lesson_types-regular = Обычный урок
lesson_types-trial = Пробный урок

## Типы преподавателей

teacher_types-private = Частный преподаватель
teacher_types-school = Преподаватель школы
teacher_types-both = Школа и частные уроки

## Стили обучения

learning_styles-visual = Визуальный
learning_styles-auditory = Аудиальный
learning_styles-kinesthetic = Кинестетический
learning_styles-mixed = Смешанный

## Категории обращений

ticket_categories-new_users = Новые пользователи
ticket_categories-payment = Оплата
ticket_categories-lessons = Уроки
ticket_categories-documents = Документы
ticket_categories-site = Сайт
ticket_categories-equipment = Техника
ticket_categories-calls = Звонки
ticket_categories-wishes = Пожелания
ticket_categories-technical_support = Техническая поддержка
ticket_categories-profile = Профиль
ticket_categories-other = Прочее
