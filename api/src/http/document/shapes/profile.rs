//! Profile of a person, by role.

/// Fields of the profile of a teacher that have a value.
#[derive(utoipa::ToSchema)]
pub struct TeacherProfile {
    subjects: Vec<String>,
    goals: Vec<String>,
    bio: String,
    age: u8,
    city: String,
    grades: Vec<String>,
    experience: String,
    durations: Vec<u16>,
    formats: Vec<String>,
    lesson_types: Vec<String>,
    hourly_rate: String,
    offline_available: bool,
    country: String,
    takes_requests: bool,
    teacher_type: String,
    experience_years: u8,
    education: Education,
}

/// Fields of the profile of a student that have a value.
#[derive(utoipa::ToSchema)]
pub struct StudentProfile {
    subjects: Vec<String>,
    goals: Vec<String>,
    bio: String,
    age: u8,
    city: String,
    experience: String,
    grade: String,
    school: String,
    parent_name: String,
    parent_phone: String,
    interests: Vec<String>,
    learning_style: String,
    preferred_formats: Vec<String>,
    preferred_durations: Vec<u16>,
}

/// Education of a teacher.
#[derive(utoipa::ToSchema)]
pub struct Education {
    university: String,
    degree: String,
    graduation_year: u16,
    #[schema(max_items = 30)]
    courses: Vec<String>,
}

/// Changes of a profile. An absent field stays as it is; null or an empty list empties a field.
///
/// `name`, `nickname`, `locale` and `time_zone` cannot be emptied. Other fields depend on the roles, as in
/// `TeacherProfile` and `StudentProfile`.
#[derive(utoipa::ToSchema)]
pub struct ProfileChanges {
    #[schema(nullable = false)]
    name: Option<String>,
    #[schema(nullable = false)]
    nickname: Option<String>,
    #[schema(nullable = false)]
    locale: Option<String>,
    #[schema(nullable = false)]
    time_zone: Option<String>,
    subjects: Option<Vec<String>>,
    goals: Option<Vec<String>>,
    bio: Option<String>,
    age: Option<u8>,
    city: Option<String>,
    grades: Option<Vec<String>>,
    experience: Option<String>,
    durations: Option<Vec<u16>>,
    formats: Option<Vec<String>>,
    lesson_types: Option<Vec<String>>,
    hourly_rate: Option<String>,
    offline_available: Option<bool>,
    country: Option<String>,
    takes_requests: Option<bool>,
    teacher_type: Option<String>,
    experience_years: Option<u8>,
    education: Option<Education>,
    grade: Option<String>,
    school: Option<String>,
    parent_name: Option<String>,
    parent_phone: Option<String>,
    #[schema(max_items = 30)]
    interests: Option<Vec<String>>,
    learning_style: Option<String>,
    preferred_formats: Option<Vec<String>>,
    preferred_durations: Option<Vec<u16>>,
}
