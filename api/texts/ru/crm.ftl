### Отказы: внешняя CRM. Идентификатор — код ошибки.

crm_not_configured =
    .title = CRM не настроена
    .detail = Ключ внешней CRM не задан (CRM_API_KEY); доставки ждут, пока он не появится.
crm_unavailable =
    .title = CRM недоступна
    .detail = Внешняя CRM не ответила как условлено; ничего не сделано.
external_id_malformed =
    .title = Неверный внешний id
    .detail = То, что прислала CRM, — не id.
