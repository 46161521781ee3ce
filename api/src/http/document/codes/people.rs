//! Codes of accounts, conversations and notifications.

use domain::notifications::{DelayCause, NonDelivery};

use super::{CodeList, code_list};

pub(super) fn lists() -> Vec<CodeList> {
    vec![
        code_list!("Role", "Role of a person.", domain::Role {
            Student => "Books lessons.",
            Teacher => "Offers lessons.",
            Support => "Works at the support desk.",
            Analyst => "Reads the CRM, with masked contact data.",
            Admin => "Manages the installation.",
            Auditor => "Reads the log of events.",
        }),
        code_list!("RegistrationRole", "Role with which a person registers.", {
            "student" => "Books lessons.",
            "teacher" => "Offers lessons.",
        }),
        code_list!("AccountStatus", "Status of an account.", {
            "active" => "The person may sign in.",
            "suspended" => "An agent has suspended the account.",
        }),
        code_list!("RoleAction", "Change of the roles of an account.", {
            "grant" => "Gives the role.",
            "revoke" => "Revokes the role.",
        }),
        code_list!("Locale", "Language of the texts for a person.", domain::accounts::Locale {
            Ru => "Russian.",
            En => "English.",
        }),
        code_list!("ListedAccountStatus", "Status of an account.", projections::accounts::AccountStatus {
            Active => "The person may sign in.",
            Suspended => "An agent has suspended the account.",
            Erased => "The personal data is erased.",
        }),
        code_list!("UserType", "Type of a person in the CRM.", projections::crm::UserType {
            Student => "A student.",
            Teacher => "A teacher.",
            Staff => "A person with any other role.",
        }),
        code_list!("AccountSort", "Order of accounts.", projections::accounts::AccountSort {
            Newest => "Newest first.",
            Oldest => "Oldest first.",
        }),
        code_list!("TeacherSort", "Order of teachers.", projections::accounts::TeacherSort {
            Newest => "Newest first.",
            Cheapest => "Lowest price of an hour first; teachers without a price last.",
            Dearest => "Highest price of an hour first; teachers without a price last.",
            BestRated => "Highest rating first; teachers without a rating last.",
            CheapestSlot => "Cheapest free slot first; teachers without such a slot last.",
            SoonestSlot => "Earliest free slot first; teachers without a free slot last.",
        }),
        code_list!("ConversationKind", "Kind of a conversation.", domain::messaging::ConversationKind {
            Direct => "Between two people.",
            Class => "Of the people of a class.",
            Lesson => "Of the people of a lesson.",
        }),
        code_list!("ConversationContextKind", "Kind of the subject of a conversation.", {
            "class" => "A class.",
            "lesson" => "A lesson.",
        }),
        code_list!("NotificationKind", "Kind of a notification.", domain::notifications::NotificationKind {
            LessonBooked => "A seat was booked.",
            LessonCancelled => "A lesson or a booking was cancelled.",
            LessonMoved => "A lesson or a booking moved to another time.",
            LessonPlaceChanged => "A lesson has another place.",
            LessonReminder => "A lesson begins in a day or in an hour.",
            Reschedule => "Another time was proposed, declined or not answered.",
            Review => "A student reviewed a lesson.",
            NoShowProposed => "A student was not in the lesson room.",
            RequestOffered => "A lesson request was offered to the teacher.",
            RequestMatched => "The search for teachers has ended.",
            RequestDeclined => "A teacher declined a lesson request.",
            RequestAccepted => "A teacher accepted a lesson request.",
            RequestExpired => "No teacher accepted a lesson request in time.",
            WaitlistOffer => "A seat became free and is offered.",
            Message => "A message was sent.",
            TicketReply => "A ticket has a reply.",
            TicketStatus => "A ticket changed its status.",
            CrmSync => "A delivery to the external CRM failed, or its records differ.",
            Security => "The access to the account changed.",
        }),
        code_list!("NotificationChannel", "Channel of a notification.", domain::notifications::Channel {
            InApp => "In the app.",
            Email => "By e-mail.",
        }),
        code_list!("NotificationDeliveryState", "State of the delivery of a notification.", {
            "waiting" => "It will be delivered later.",
            "delivered" => "It was delivered.",
            "not_delivered" => "It was not delivered.",
        }),
        delivery_reasons(),
    ]
}

fn delivery_reasons() -> CodeList {
    let mut waiting = code_list!("NotificationDeliveryReason", "Reason of the state of a delivery.", DelayCause {
        Digest => "It waits for the next digest.",
        QuietHours => "It waits for the end of the quiet hours, or came too late after them.",
        MailServer => "The mail server did not take it yet.",
    });
    waiting.extend(code_list!("", "", NonDelivery {
        Muted => "The kind is switched off for the channel.",
        QuietHours => "It waits for the end of the quiet hours, or came too late after them.",
        AlreadyRead => "The person had read it before.",
        Unverified => "The person has not verified the address.",
        TooLate => "Its subject was over.",
        NoAddress => "The person has no address.",
        Suspended => "The account is suspended.",
        Failed => "The mail server refused it.",
    }));
    waiting
}
