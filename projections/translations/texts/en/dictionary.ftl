### Dictionary. The id is the list and the code.

## Subjects

subjects-mathematics = Mathematics
subjects-algebra = Algebra
subjects-geometry = Geometry
subjects-higher_mathematics = Higher mathematics
subjects-statistics = Probability and statistics
subjects-physics = Physics
subjects-astronomy = Astronomy
subjects-chemistry = Chemistry
subjects-biology = Biology
subjects-geography = Geography
subjects-informatics = Computer science
subjects-programming = Programming
subjects-robotics = Robotics
subjects-russian = Russian
subjects-russian_as_foreign = Russian as a foreign language
subjects-literature = Literature
subjects-history = History
subjects-social_studies = Social studies
subjects-economics = Economics
subjects-law = Law
subjects-philosophy = Philosophy
subjects-psychology = Psychology
subjects-english = English
subjects-german = German
subjects-french = French
subjects-spanish = Spanish
subjects-italian = Italian
subjects-chinese = Chinese
subjects-japanese = Japanese
subjects-korean = Korean
subjects-arabic = Arabic
subjects-turkish = Turkish
subjects-primary_school = Primary school
subjects-preschool = Preschool
subjects-speech_therapy = Speech therapy
subjects-music = Music
subjects-piano = Piano
subjects-guitar = Guitar
subjects-vocals = Vocals
subjects-drawing = Drawing
subjects-chess = Chess

## Goals

goals-ege = Unified State Exam (EGE)
goals-oge = Basic State Exam (OGE)
goals-vpr = National tests (VPR)
goals-olympiad = Olympiads
goals-improve_grades = Better grades
goals-homework = Help with homework
goals-catch_up = Catching up
goals-advanced_study = Advanced study
goals-university_admission = University admission
goals-university_course = University courses
goals-school_readiness = Getting ready for school
goals-language_certificate = Language certificate
goals-conversation = Conversation
goals-work = For work
goals-travel = For travel
goals-relocation = For relocation
goals-hobby = For pleasure

## Grades

grades-1 = Grade 1
grades-2 = Grade 2
grades-3 = Grade 3
grades-4 = Grade 4
grades-5 = Grade 5
grades-6 = Grade 6
grades-7 = Grade 7
grades-8 = Grade 8
grades-9 = Grade 9
grades-10 = Grade 10
grades-11 = Grade 11
grades-student = University student
grades-adult = Adult

## Experience of a teacher

teacher_experience-beginner = Beginner
teacher_experience-experienced = Experienced
teacher_experience-professional = Professional

## Experience of a student

student_experience-beginner = Beginner
student_experience-intermediate = Intermediate
student_experience-advanced = Advanced

## Lengths of a lesson

durations-30 = 30 minutes
durations-45 = 45 minutes
durations-60 = 60 minutes
durations-90 = 90 minutes
durations-120 = 120 minutes

## Formats

formats-online = Online
formats-offline = In person
formats-mini_group = Small group

## Lesson types

lesson_types-regular = Regular lesson
lesson_types-trial = Trial lesson

## Types of teachers

teacher_types-private = Private teacher
teacher_types-school = School teacher
teacher_types-both = School and private

## Learning styles

learning_styles-visual = Visual
learning_styles-auditory = Auditory
learning_styles-kinesthetic = Kinaesthetic
learning_styles-mixed = Mixed

## Categories of tickets

ticket_categories-new_users = New users
ticket_categories-payment = Payment
ticket_categories-lessons = Lessons
ticket_categories-documents = Documents
ticket_categories-site = Site
ticket_categories-equipment = Equipment
ticket_categories-calls = Calls
ticket_categories-wishes = Wishes
ticket_categories-technical_support = Technical support
ticket_categories-profile = Profile
ticket_categories-other = Other
