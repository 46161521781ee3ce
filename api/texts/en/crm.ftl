### Refusals about the external CRM. The id is the error code.

crm_not_configured =
    .title = No CRM
    .detail = No key to the external CRM is set (CRM_API_KEY); deliveries wait until it is set.
crm_unavailable =
    .title = CRM unavailable
    .detail = The external CRM did not answer as specified; nothing was changed.
external_id_malformed =
    .title = Malformed external id
    .detail = The CRM returned an invalid id.
