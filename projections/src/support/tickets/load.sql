select to_jsonb(stored) - 'search' - 'search_contacts' as "row!: Json<TicketRecord>"
from tickets as stored
where ticket_id = any($1)
