# What each category of personal data consists of. A field that is not here is not released to anybody.

holds(_: Identity, "identity", field) if
    field in ["givenName", "familyName", "companyName", "provenance"];

holds(_: IdentityEvidence, "identity_evidence", field) if
    field in ["kind", "strength", "supervised", "expiresOn", "issuer", "numberTail", "provenance"];

holds(_: PersonalCode, "personal_code", field) if
    field in ["code", "country", "provenance"];

holds(_: ContactPoint, "contact_point", field) if
    field in ["kind", "value", "verifiedAt", "provenance"];

holds(_: PostalAddress, "postal_address", field) if
    field in ["kind", "street", "city", "region", "postalCode", "country", "provenance"];

holds(_: Preference, "preference", field) if
    field in ["channel", "topic", "monthlyLimit", "hours", "provenance"];

holds(_: Interaction, "interaction", field) if
    field in ["channel", "occurredAt", "subject", "body", "provenance"];

holds(_: Order, "order", field) if
    field in ["placedAt", "number", "total", "currency", "billingAddress", "lines", "provenance"];

# The token of a card is not here, so that it never leaves.
holds(_: PaymentCard, "payment_card", field) if
    field in ["brand", "lastFour", "expiry", "holder", "provenance"];

holds(_: HealthRecord, "health_record", field) if
    field in ["kind", "codeSystem", "code", "description", "onsetOn", "abatedOn", "provenance"];

# Where the fields of a customer lead.
leads_to("identity", "identity");
leads_to("identityEvidence", "identity_evidence");
leads_to("personalCodes", "personal_code");
leads_to("contactPoints", "contact_point");
leads_to("postalAddresses", "postal_address");
leads_to("preferences", "preference");
leads_to("interactions", "interaction");
leads_to("orders", "order");
leads_to("paymentCards", "payment_card");
leads_to("healthRecords", "health_record");
