### Refusals about the external CRM. The id is the error code.

crm_not_configured =
    .title = No CRM
    .detail = No key to the external CRM is set (CRM_API_KEY); deliveries wait until there is one.
crm_unavailable =
    .title = The CRM can not be read
    .detail = The external CRM did not answer as agreed; nothing was done.
external_id_malformed =
    .title = Malformed external id
    .detail = The id that the CRM gave is not one.
