//! Conversation as the API shows it to its participants.

use std::collections::HashMap;

use domain::accounts::Locale;
use domain::messaging::{ConversationContext, ConversationKind, ConversationState};
use domain::{AccountId, ConversationId, Personal, Role, StreamVersion};
use projections::accounts::pseudonym;
use projections::messaging::{ConversationOverview, ConversationPerson, last_message, people};
use serde::Serialize;
use uuid::Uuid;

use crate::app::App;
use crate::http::accounts::view::avatar_url;
use crate::http::caller::Caller;
use crate::http::messaging::messages::view::{MessageView, load_as_participant};
use crate::http::problem::Problem;
use crate::http::scheduling::lessons::view::first_name;

/// Conversation as seen by the caller.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Conversation)]
pub struct ConversationView {
    #[schema(value_type = Uuid)]
    id: ConversationId,
    /// `direct`, `class` or `lesson`.
    #[schema(value_type = String)]
    kind: ConversationKind,
    /// Class or lesson to which the conversation belongs.
    context: Option<ContextView>,
    /// Present participants.
    participants: Vec<ParticipantView>,
    /// Participants who have left; their messages stay.
    former_participants: Vec<ParticipantView>,
    /// Last message that is neither deleted nor cleared.
    last_message: Option<MessageView>,
    /// Number of messages after the caller's read position.
    unread: u64,
    archived: bool,
    /// `true` if the conversation is hidden from the list until the next message.
    hidden: bool,
    /// `true` if the caller has blocked the other participant.
    blocked: bool,
    /// Number of the last message; 0 before the first.
    head_sequence: u64,
    #[serde(skip)]
    #[schema(value_type = u64)]
    version: StreamVersion,
}

/// Class or lesson of a conversation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ConversationContext)]
pub struct ContextView {
    /// `class` or `lesson`.
    kind: &'static str,
    id: Uuid,
}

/// Participant of a conversation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ConversationParticipant)]
pub struct ParticipantView {
    #[schema(value_type = Uuid)]
    id: AccountId,
    /// In a class or lesson, students see only the first names of other students.
    name: String,
    nickname: Option<String>,
    avatar_url: Option<String>,
    /// Number of the last message that the participant has read.
    read_up_to: u64,
}

/// Person to whom a conversation is shown.
#[derive(Clone, Copy)]
pub(super) struct ConversationViewer {
    account_id: AccountId,
    locale: Locale,
    /// `true` if the person may see full names.
    sees_names: bool,
}

impl ConversationViewer {
    pub(super) fn from_caller(caller: &Caller, locale: Locale) -> Self {
        let sees_names = caller.roles().iter().any(|role| *role != Role::Student);
        Self { account_id: caller.account_id, locale, sees_names }
    }
}

impl ConversationView {
    /// Loads a conversation of a participant from the log; only its last message comes from the read model.
    ///
    /// # Errors
    /// 404 `conversation_not_found` if there is none, or the person is not a participant.
    pub(super) async fn load(
        app: &App,
        id: ConversationId,
        reader: ConversationViewer,
    ) -> Result<Self, Problem> {
        let (loaded, own) = load_as_participant(app, id, reader.account_id).await?;
        let thread = loaded.state.thread().ok_or_else(Problem::not_found)?;
        let people = load_people(app, thread).await?;
        let last = last_message(&app.pool, id, own.cleared_up_to).await?;
        Ok(Self {
            id,
            kind: thread.kind,
            context: thread.context.map(ContextView::from),
            unread: thread.unread(reader.account_id),
            archived: own.archived,
            hidden: own.hidden,
            head_sequence: thread.head,
            last_message: last.map(MessageView::from),
            version: loaded.version,
            ..Self::with_people(thread.kind, people, reader)
        })
    }

    /// Builds the view of a list entry.
    pub(super) fn from_overview(listed: ConversationOverview, reader: ConversationViewer) -> Self {
        let ConversationOverview { conversation, own, people, last_message } = listed;
        Self {
            id: conversation.conversation_id,
            kind: conversation.kind,
            context: conversation.context.map(ContextView::from),
            unread: conversation.head.saturating_sub(own.read_up_to),
            archived: own.archived,
            hidden: own.hidden_up_to.is_some_and(|up_to| up_to >= conversation.head),
            head_sequence: conversation.head,
            last_message: last_message.map(MessageView::from),
            version: conversation.version,
            ..Self::with_people(conversation.kind, people, reader)
        }
    }

    pub(super) fn version(&self) -> StreamVersion {
        self.version
    }

    /// Builds a view with the fields that follow from the participants; the other fields are empty.
    fn with_people(
        kind: ConversationKind,
        people: Vec<ConversationPerson>,
        reader: ConversationViewer,
    ) -> Self {
        let blocked = kind == ConversationKind::Direct
            && people.iter().any(|person| person.account_id != reader.account_id && person.blocked);
        let (former, present): (Vec<_>, Vec<_>) = people.into_iter().partition(|person| person.gone);
        let shown = |people: Vec<ConversationPerson>| {
            people.into_iter().map(|person| ParticipantView::from_person(person, kind, reader)).collect()
        };
        Self {
            id: ConversationId(Uuid::nil()),
            kind,
            context: None,
            participants: shown(present),
            former_participants: shown(former),
            last_message: None,
            unread: 0,
            archived: false,
            hidden: false,
            blocked,
            head_sequence: 0,
            version: StreamVersion::START,
        }
    }
}

impl ParticipantView {
    fn from_person(person: ConversationPerson, kind: ConversationKind, reader: ConversationViewer) -> Self {
        let id = person.account_id;
        let is_student = !person.roles.iter().any(|role| role != Role::Student.as_str());
        let whole =
            kind == ConversationKind::Direct || reader.sees_names || reader.account_id == id || !is_student;
        let name = match person.name {
            Some(name) if whole => name,
            Some(name) => first_name(&name),
            None => pseudonym(id, reader.locale),
        };
        Self {
            id,
            name,
            nickname: person.nickname,
            avatar_url: person.avatar.map(avatar_url),
            read_up_to: person.read_up_to,
        }
    }
}

impl From<ConversationContext> for ContextView {
    fn from(context: ConversationContext) -> Self {
        match context {
            ConversationContext::Class(id) => Self { kind: "class", id: id.uuid() },
            ConversationContext::Lesson(id) => Self { kind: "lesson", id: id.uuid() },
        }
    }
}

/// Loads the present and former participants with their names. A name comes from the directory, or from the
/// account's stream if the directory does not have it yet.
async fn load_people(app: &App, thread: &ConversationState) -> Result<Vec<ConversationPerson>, Problem> {
    let ids: Vec<AccountId> = thread.participants.keys().copied().collect();
    let known = people(&app.pool, &ids).await?;
    let mut known: HashMap<_, _> = known.into_iter().map(|person| (person.account_id, person)).collect();
    let mut named = Vec::with_capacity(ids.len());
    for (id, participant) in &thread.participants {
        let person = match known.remove(id) {
            Some(person) => person,
            None => load_person(app, *id).await?,
        };
        named.push(ConversationPerson {
            gone: participant.left,
            read_up_to: participant.read_up_to,
            blocked: participant.blocked,
            ..person
        });
    }
    Ok(named)
}

async fn load_person(app: &App, account_id: AccountId) -> Result<ConversationPerson, Problem> {
    let account = app.account(account_id).await?;
    let person = account.state.person();
    let name = person.and_then(|person| person.profile.name.clone());
    let nickname = person.and_then(|person| person.profile.nickname.clone());
    Ok(ConversationPerson {
        account_id,
        gone: false,
        read_up_to: 0,
        blocked: false,
        name: name.and_then(Personal::into_known).map(String::from),
        nickname: nickname.and_then(Personal::into_known).map(|nickname| nickname.as_str().to_owned()),
        avatar: person.and_then(|person| person.avatar),
        roles: person.iter().flat_map(|person| &person.roles).map(|role| role.as_str().to_owned()).collect(),
    })
}
