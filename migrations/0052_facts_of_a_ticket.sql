-- Reports by priority and by category look for the priority and the category of the ticket of each fact.
create index facts_ticket on crm.facts (entity_id, measure) include (class, position, until)
  where measure in ('ticket', 'ticket_category');
