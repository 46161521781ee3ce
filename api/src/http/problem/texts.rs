//! Texts of all codes in Russian and English. A test finds codes without texts.

mod fields;
mod groups;
mod lessons;
mod live;
mod messages;
mod notices;
mod requests;
mod tickets;

use domain::accounts::Locale;

use fields::FIELDS;

/// Title and detail of a problem.
pub struct Text {
    pub code: &'static str,
    en: (&'static str, &'static str),
    ru: (&'static str, &'static str),
}

impl Text {
    pub fn title(&self, language: Locale) -> &'static str {
        self.in_language(language).0
    }

    pub fn detail(&self, language: Locale) -> &'static str {
        self.in_language(language).1
    }

    fn in_language(&self, language: Locale) -> (&'static str, &'static str) {
        match language {
            Locale::Ru => self.ru,
            Locale::En => self.en,
        }
    }
}

/// Text of a code without its own text.
pub const FALLBACK: Text = text(
    "refused",
    ("Refused", "A rule stands against this request; the code and the reasons say which."),
    ("Отказано", "Запрос противоречит правилу; код и причины говорят, какому."),
);

pub fn of_problem(code: &str) -> Option<&'static Text> {
    all().find(|text| text.code == code)
}

fn all() -> impl Iterator<Item = &'static Text> {
    let parts = [
        PROBLEMS,
        lessons::PROBLEMS,
        groups::PROBLEMS,
        live::PROBLEMS,
        messages::PROBLEMS,
        notices::PROBLEMS,
        requests::PROBLEMS,
        tickets::PROBLEMS,
    ];
    parts.into_iter().flatten()
}

/// Returns the message of an invalid field. Facts are in braces.
pub fn of_field(code: &str, language: Locale) -> &'static str {
    let words = FIELDS.iter().find(|(known, ..)| *known == code);
    let (_, en, ru) = words.unwrap_or(&("", "is not acceptable", "недопустимое значение"));
    match language {
        Locale::Ru => ru,
        Locale::En => en,
    }
}

const fn text(
    code: &'static str,
    en: (&'static str, &'static str),
    ru: (&'static str, &'static str),
) -> Text {
    Text { code, en, ru }
}

const PROBLEMS: &[Text] = &[
    text(
        "crm_not_configured",
        ("No CRM", "No key to the external CRM is set (CRM_API_KEY); deliveries wait until there is one."),
        ("CRM не настроена", "Ключ внешней CRM не задан (CRM_API_KEY); доставки ждут, пока он не появится."),
    ),
    text(
        "crm_unavailable",
        ("The CRM can not be read", "The external CRM did not answer as agreed; nothing was done."),
        ("CRM недоступна", "Внешняя CRM не ответила как условлено; ничего не сделано."),
    ),
    text(
        "series_not_found",
        ("No such series", "There is no such series of yours."),
        ("Серии нет", "Такой серии у вас нет."),
    ),
    text(
        "series_already_defined",
        ("Defined already", "The series is defined already."),
        ("Серия уже есть", "Эта серия уже задана."),
    ),
    text(
        "series_ended",
        ("The series has ended", "No slot follows from this series on that date any more."),
        ("Серия завершена", "К этой дате серия уже завершена."),
    ),
    text(
        "malformed_json",
        ("Malformed JSON", "The body is not JSON that this route can read."),
        ("Неверный JSON", "Тело запроса — не JSON, который можно прочесть."),
    ),
    text(
        "malformed_parameter",
        ("Malformed parameter", "A query parameter has not the required form."),
        ("Неверный параметр", "Параметр запроса имеет неверный вид."),
    ),
    text(
        "malformed_header",
        ("Malformed header", "A header of the request has not the required form."),
        ("Неверный заголовок", "Заголовок запроса имеет неверный вид."),
    ),
    text(
        "malformed_request",
        ("Malformed request", "The request can not be read."),
        ("Неверный запрос", "Запрос не удалось прочесть."),
    ),
    text(
        "unknown_parameter",
        ("Unknown parameter", "The route does not know a parameter of the query."),
        ("Неизвестный параметр", "Такого параметра у этого запроса нет."),
    ),
    text(
        "unauthenticated",
        ("Sign in first", "This needs a session: the token is absent, expired or revoked."),
        ("Требуется вход", "Нужна сессия: токена нет, он истёк или отозван."),
    ),
    text(
        "invalid_credentials",
        ("Wrong e-mail or password", "No account has this e-mail with this password."),
        ("Неверная почта или пароль", "Нет учётной записи с такой почтой и таким паролем."),
    ),
    text(
        "forbidden",
        ("Not permitted", "Your roles do not permit this."),
        ("Нет доступа", "Ваши роли этого не позволяют."),
    ),
    text(
        "origin_not_allowed",
        ("Origin not allowed", "Pages of this origin may not act with the session cookie."),
        ("Источник не разрешён", "Страницам этого источника нельзя действовать с cookie сессии."),
    ),
    text(
        "password_required",
        ("Password required", "You signed in some time ago: send current_password."),
        ("Нужен пароль", "Вы вошли давно: укажите current_password."),
    ),
    text(
        "wrong_password",
        ("Wrong password", "The given password is not the current one."),
        ("Неверный пароль", "Указанный пароль не совпадает с текущим."),
    ),
    text(
        "not_found",
        ("Not found", "There is nothing here, or nothing for you."),
        ("Не найдено", "Здесь ничего нет, или нет ничего для вас."),
    ),
    text(
        "method_not_allowed",
        ("Method not allowed", "The path exists, but not with this method; Allow names those it has."),
        ("Метод не поддерживается", "Путь есть, но не с этим методом; допустимые — в заголовке Allow."),
    ),
    text(
        "conflict",
        ("Conflict", "The present state stands against this."),
        ("Конфликт", "Этому мешает текущее состояние."),
    ),
    text(
        "stale_version",
        ("Changed meanwhile", "The resource is no longer in the version that If-Match names: read it again."),
        ("Уже изменено", "Ресурс уже не той версии, что в If-Match: прочтите его заново."),
    ),
    text(
        "body_too_large",
        ("Body too large", "The body is larger than this route accepts."),
        ("Слишком большое тело", "Тело запроса больше допустимого."),
    ),
    text(
        "unsupported_media_type",
        ("Unsupported media type", "Send the body with a Content-Type that this route reads."),
        ("Неподдерживаемый тип", "Отправьте тело с Content-Type, который здесь читается."),
    ),
    text(
        "invalid_fields",
        ("Unacceptable fields", "Some fields are not acceptable; errors name each of them."),
        ("Недопустимые поля", "Некоторые поля недопустимы; каждое названо в errors."),
    ),
    text(
        "idempotency_key_reused",
        ("Idempotency key reused", "The key was used for another request: make a new one."),
        ("Ключ уже использован", "С этим ключом был другой запрос: возьмите новый."),
    ),
    text(
        "unreadable_image",
        ("Unreadable image", "Send a PNG, JPEG or WebP picture."),
        ("Изображение не читается", "Отправьте картинку PNG, JPEG или WebP."),
    ),
    text(
        "image_too_large",
        ("Too many pixels", "The picture has more pixels than are accepted; make it smaller."),
        ("Слишком много пикселей", "В картинке больше пикселей, чем допустимо; уменьшите её."),
    ),
    text(
        "if_match_required",
        ("If-Match required", "Send If-Match with the ETag of the version you have seen."),
        ("Нужен If-Match", "Отправьте If-Match с ETag той версии, которую вы видели."),
    ),
    text(
        "too_many_requests",
        ("Too many requests", "Slow down: Retry-After says when to come back."),
        ("Слишком много запросов", "Помедленнее: когда повторить, сказано в Retry-After."),
    ),
    text(
        "too_many_attempts",
        ("Too many attempts", "Wait before the next attempt: Retry-After says how long."),
        ("Слишком много попыток", "Подождите перед следующей попыткой: сколько — в Retry-After."),
    ),
    text(
        "headers_too_large",
        ("Headers too large", "The headers of the request are larger than is accepted."),
        ("Слишком большие заголовки", "Заголовки запроса больше допустимого."),
    ),
    text(
        "internal",
        ("Our fault", "Something broke on our side; trace_id helps to find what."),
        ("Ошибка на нашей стороне", "У нас что-то сломалось; найти, что именно, поможет trace_id."),
    ),
    text(
        "unavailable",
        ("Unavailable", "The database is away for the moment; the same request may be sent again."),
        ("Недоступно", "База данных временно недоступна; запрос можно повторить."),
    ),
    text(
        "busy",
        ("Busy", "Too much is going on at once; the same request may be sent again."),
        ("Занято", "Слишком много одновременных действий; запрос можно повторить."),
    ),
    text(
        "timeout",
        ("Timed out", "The answer took too long; repeat with the same Idempotency-Key to be safe."),
        ("Время истекло", "Ответ занял слишком много времени; повторите с тем же Idempotency-Key."),
    ),
    text(
        "not_ready",
        ("Not ready", "This process can not serve yet, or no longer; reasons say why."),
        ("Не готово", "Процесс ещё или уже не обслуживает запросы; почему — в reasons."),
    ),
    text(
        "projection_behind",
        ("Not there yet", "What you read has not caught up with Min-Log-Position; try again."),
        ("Ещё не готово", "Данные не догнали Min-Log-Position; повторите."),
    ),
    text(
        "account_not_found",
        ("No such account", "There is no such account."),
        ("Нет такой учётной записи", "Такой учётной записи нет."),
    ),
    text(
        "account_already_registered",
        ("Already registered", "This account is already registered."),
        ("Уже зарегистрирован", "Эта учётная запись уже зарегистрирована."),
    ),
    text(
        "role_not_self_service",
        ("Role is granted by an admin", "One registers as a student or a teacher; other roles are granted."),
        ("Роль выдаёт администратор", "Зарегистрироваться можно учеником или преподавателем."),
    ),
    text(
        "account_suspended",
        ("Account suspended", "The account is suspended; support can tell more."),
        ("Учётная запись приостановлена", "Учётная запись приостановлена; подробности — в поддержке."),
    ),
    text(
        "account_not_suspended",
        ("Not suspended", "The account is not suspended."),
        ("Не приостановлена", "Учётная запись не приостановлена."),
    ),
    text(
        "account_erased",
        ("Account erased", "The account was erased."),
        ("Учётная запись удалена", "Учётная запись была удалена."),
    ),
    text(
        "role_not_held",
        ("Role not held", "The account has not this role."),
        ("Нет такой роли", "У учётной записи нет этой роли."),
    ),
    text(
        "last_role",
        ("Last role", "The last role of an account can not be taken away."),
        ("Последняя роль", "Последнюю роль учётной записи снять нельзя."),
    ),
    text(
        "email_taken",
        ("E-mail is taken", "Another account has this e-mail."),
        ("Почта занята", "Эта почта уже есть у другой учётной записи."),
    ),
    text(
        "nickname_taken",
        ("Nickname is taken", "Another account has this nickname."),
        ("Никнейм занят", "Этот никнейм уже есть у другой учётной записи."),
    ),
    text(
        "claim_taken",
        ("Taken", "Another one holds what this would take."),
        ("Занято", "То, что требуется, уже занято."),
    ),
    text(
        "external_id_malformed",
        ("Malformed external id", "The id that the CRM gave is not one."),
        ("Неверный внешний id", "То, что прислала CRM, — не id."),
    ),
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Returns the quoted words that look like codes. Names of facts are excluded.
    fn codes_in(text: &str) -> Vec<String> {
        let text = text.replace(".with(\"", ".with(\"fact ");
        let code = |word: &&str| {
            word.contains('_')
                && word.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
        };
        text.split('"').skip(1).step_by(2).filter(code).map(str::to_owned).collect()
    }

    #[test]
    fn every_code_of_a_domain_refusal_has_words() {
        let domain = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/src");
        let mut seen = 0;
        let folders = |path: &Path| {
            let entries = fs::read_dir(path).into_iter().flatten();
            entries.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
        };
        for aggregate in folders(&domain).iter().flat_map(|context| folders(context)) {
            let Ok(text) = fs::read_to_string(aggregate.join("error.rs")) else { continue };
            for code in codes_in(&text) {
                seen += 1;
                let known = of_problem(&code).is_some() || FIELDS.iter().any(|(field, ..)| *field == code);
                assert!(known, "{code} has no words in http/problem/texts.rs");
            }
        }
        assert!(seen > 10, "the refusals of the domain were not found");
    }

    #[test]
    fn every_code_has_words_in_both_languages_and_stands_once() {
        for (index, text) in all().enumerate() {
            for words in [text.en.0, text.en.1, text.ru.0, text.ru.1] {
                assert!(!words.is_empty(), "{}", text.code);
            }
            assert!(all().skip(index + 1).all(|other| other.code != text.code), "{}", text.code);
        }
    }
}
