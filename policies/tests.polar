# The policies' own tests: `?= may(who, does what, of what)`. Policies of which one fails are not used.
# What the names of the fixtures stand for is said in `fixtures.polar`.

# Each purpose opens what it needs, and nothing else.

?= may("an agent with a support task", "read", ["Identity.familyName", "ContactPoint.value", "Interaction.body"]);
?= may("an agent with a support task", "read", ["Order.total", "Customer.interactions", "Customer.identity"]);
?= not may("an agent with a support task", "read", ["PostalAddress.street", "PaymentCard.lastFour"]);
?= not may("an agent with a support task", "read", ["HealthRecord.code", "PersonalCode.code", "Preference.topic"]);
?= may("an agent with a sales task", "read", ["Identity.givenName", "ContactPoint.kind", "Customer.preferences"]);
?= may("an agent with a sales task", "read", ["Interaction.subject", "Order.number", "Customer.orders"]);
?= not may("an agent with a sales task", "read", ["HealthRecord.code", "PaymentCard.expiry"]);
?= may("an agent with a delivery task", "read", ["Identity.companyName", "ContactPoint.value"]);
?= may("an agent with a delivery task", "read", ["PostalAddress.street", "Customer.postalAddresses"]);
?= not may("an agent with a delivery task", "read", ["Order.total", "Interaction.body"]);
?= may("an agent with a billing task", "read", ["Identity.familyName", "PostalAddress.city", "Order.lines"]);
?= may("an agent with a billing task", "read", ["PaymentCard.lastFour", "Customer.paymentCards"]);
?= not may("an agent with a billing task", "read", ["ContactPoint.value", "HealthRecord.kind"]);
?= may("an agent with a marketing task", "read", ["ContactPoint.value", "Preference.topic"]);
?= not may("an agent with a marketing task", "read", ["Identity.familyName", "Order.total"]);
?= may("an agent with a verification task", "read", ["Identity.givenName", "IdentityEvidence.numberTail"]);
?= may("an agent with a verification task", "read", ["PersonalCode.code", "ContactPoint.value", "PostalAddress.city"]);
?= may("an agent with a verification task", "read", ["Customer.identityEvidence", "Customer.personalCodes"]);
?= not may("an agent with a verification task", "read", ["Order.total", "HealthRecord.code"]);
?= may("an agent with a care task", "read", ["Identity.familyName", "ContactPoint.value", "HealthRecord.code"]);
?= may("an agent with a care task", "read", "Customer.healthRecords");
?= not may("an agent with a care task", "read", ["Order.total", "PersonalCode.code"]);

# The task, the purpose, the consent and that use is not restricted: each is needed.

?= not may(["an agent with a support task", "that is closed"], "read", ["ContactPoint.value", "Customer.number"]);
?= not may(["an agent with a support task", "that is over its day"], "read",
           ["ContactPoint.value", "Customer.number", "Customer.contactPoints", "Consent.state"]);
?= may(["an agent with a support task", "that is over its day"], "read", ["Task.dueAt", "Task.extendedAt"]);
?= may(["an agent with a support task", "that is over its day"], "close", "Task");
?= not may(["an agent with a verification task", "that is over its day"], "record_intake", "Task");
?= not may(["an agent with a billing task", "that is over its day"], "submit_payment_card", "Customer");
?= not may(["an agent with a support task", "that has no day"], "read", ["ContactPoint.value", "Customer.number"]);
?= not may(["an agent with a support task", "that somebody else carries"], "read", "ContactPoint.value");
?= not may(["an agent with a support task", "who was deactivated"], "read",
           ["ContactPoint.value", "Customer.number", "Customer.contactPoints", "Task.purpose"]);
?= not may(["an agent with a verification task", "who was deactivated"], ["close", "record_intake"], "Task");
?= not may(["an agent with a support task", "who states no purpose"], "read", "ContactPoint.value");
?= not may(["an agent with a support task", "who states another purpose"], "read", "ContactPoint.value");
?= not may(["an agent with a support task", "without any consent"], "read",
           ["ContactPoint.value", "Customer.contactPoints"]);
?= not may(["an agent with a support task", "with suspended consents"], "read",
           ["ContactPoint.value", "Customer.contactPoints"]);
?= not may(["an agent with a support task", "with consents that have run out"], "read",
           ["ContactPoint.value", "Customer.contactPoints"]);
?= not may(["an agent with a support task", "with consents for another purpose"], "read",
           ["ContactPoint.value", "Customer.contactPoints"]);
?= not may(["an agent with a support task", "with consents to another category"], "read", "ContactPoint.value");
?= not may(["an agent with a support task", "while use is restricted"], "read",
           ["ContactPoint.value", "Customer.contactPoints"]);

# At work for a customer, staff see its anchor, tasks and consents, and do what the work takes.

?= may("an agent with a support task", "read", ["Customer.number", "Customer.restricted", "Customer.attestations"]);
?= may(["an agent with a support task", "of whose order is known that it is right"], "read", "Attestation.at");
?= not may(["an agent with a support task", "of whose health record is known that it is right"], "read",
           ["Attestation.at", "Attestation.category"]);
?= may(["an agent with a care task", "of whose health record is known that it is right"], "read", "Attestation.at");
?= may("an agent with a support task", "read", ["Task.dueAt", "Task.reviews"]);
?= may("an agent who opened a task for somebody else", "read", ["Task.purpose", "Task.status", "Task.dueAt"]);
?= not may("an agent who opened a task for somebody else", "read",
           ["Task.customer", "Task.assignee", "Task.client", "Task.outcome", "Customer.number", "ContactPoint.value"]);
?= not may("an agent who opened a task for somebody else", ["close", "change"], "Task");
?= not may("an agent who opened a task for somebody else", "read", ["Task.subject", "Task.text"]);
?= may("an agent with a support task", "read", ["Task.subject", "Task.text", "Task.priority"]);
?= may("an agent with a support task", "change", "Task");
?= not may(["an agent with a support task", "who states another purpose"], "read", ["Task.subject", "Task.text"]);
?= not may(["an agent with a support task", "that is over its day"], "read", ["Task.subject", "Task.text"]);
?= not may(["an agent with a support task", "that is closed"], "read", ["Task.subject", "Task.text"]);
?= not may(["an agent with a support task", "while use is restricted"], "read", ["Task.subject", "Task.text"]);
?= not may(["an agent with a support task", "while use is restricted"], "change", "Task");
?= not may(["an agent with a support task", "that is over its day"], "change", "Task");
?= may(["an agent with a support task", "which concerns a contact point"], "read",
       ["Consent.state", "Consent.purpose", "Consent.recordedBy"]);
?= may(["an agent with a support task", "who is asked about an order"], "read", "Request.dueAt");
?= not may(["an agent with a delivery task", "who is asked about a health record"], "read",
           ["Request.dueAt", "Request.category"]);
?= not may("an agent with a support task", "read",
           ["Consent.evidence", "Consent.confirmation", "Access.at", "Receipt.json", "Task.occasion"]);
?= not may(["an agent with a support task", "which concerns a contact point", "with consents for another purpose"],
           "read", ["Consent.state", "Consent.purpose"]);
?= not may(["an agent with a support task", "which concerns a contact point", "that is over its day"], "read",
           "Consent.state");
?= not may(["an agent with a delivery task", "which concerns a health record"], "read",
           ["Consent.state", "Consent.category"]);
?= may(["an agent with a care task", "which concerns a health record"], "read", "Consent.state");
?= may("an agent with a support task", ["request_consent", "give_consent"], "Customer");
?= may(["an agent with a support task", "whose customer has not left"], "open_task", "Customer");
?= not may(["an agent with a support task", "whose customer has left"], "open_task", "Customer");
?= not may(["an agent with a support task", "whose customer has not left", "while use is restricted"], "open_task",
           "Customer");
?= may("an agent with a support task", ["withdraw_consents", "object"], "Customer");
?= may("an agent with a support task", "withdraw", "Consent");
?= may("an agent with a support task", "close", "Task");
?= may("an agent with a support task", "begin_double_opt_in", "ContactPoint");
?= not may("an agent with a support task", ["submit_payment_card", "submit_health_record"], "Customer");
?= may("an agent with a billing task", "submit_payment_card", "Customer");
?= may("an agent with a care task", "submit_health_record", "Customer");
?= may("an agent with a verification task", ["verify", "confirm"], "ContactPoint");
?= may("an agent with a verification task", "record_identity_evidence", "Customer");
?= may("an agent with a verification task", "record_intake", "Task");
?= not may(["an agent with a verification task", "without any consent"], ["verify", "confirm"], "ContactPoint");
?= not may(["an agent with a support task", "while use is restricted"], "begin_double_opt_in", "ContactPoint");
?= not may(["an agent with a verification task", "while use is restricted"], ["verify", "confirm"], "ContactPoint");
?= not may(["an agent with a verification task", "while use is restricted"], "record_identity_evidence", "Customer");
?= not may(["an agent with a verification task", "while use is restricted"], "record_intake", "Task");
?= may(["an agent with a support task", "while use is restricted"], "close", "Task");
?= not may(["an agent with a support task", "without any consent"], "begin_double_opt_in", "ContactPoint");
?= not may("an agent with a billing task", "begin_double_opt_in", "ContactPoint");
?= not may(["an agent with a support task", "although the customer consents to verification"], ["verify", "confirm"],
           "ContactPoint");
?= not may(["an agent with a billing task", "while use is restricted"], "submit_payment_card", "Customer");
?= not may(["an agent with a care task", "while use is restricted"], "submit_health_record", "Customer");
?= not may(["an agent with a billing task", "that is closed"], "submit_payment_card", "Customer");
?= not may(["an agent with a care task", "that is closed"], "submit_health_record", "Customer");
?= not may("an agent with a support task", "record_intake", "Task");
?= not may(["an agent with a verification task", "that is closed"], "record_intake", "Task");
?= not may(["an agent with a verification task", "that somebody else carries"], ["record_intake", "close"], "Task");
?= not may(["an agent with a verification task", "who states another purpose"], "record_intake", "Task");
?= not may(["an agent with a verification task", "without any consent"], "record_identity_evidence", "Customer");
?= not may(["an agent with a verification task", "that somebody else carries"], "read", "Task.purpose");

# What staff record of consents: within their task, never over a no, and it opens nothing to who recorded it.

?= may(["an agent with a support task", "and a consent for support to be reached"],
       ["request", "record", "defer", "refuse", "pair"], "Consent");
?= not may(["an agent with a support task", "and a consent for support to what that does not need"],
           ["request", "record", "defer", "refuse", "confirm"], "Consent");
?= not may(["an agent with a support task", "and a consent for marketing to be reached"],
           ["request", "record", "defer", "refuse", "confirm", "use"], "Consent");
?= not may(["an agent with a support task", "and a consent for care to keep health records"],
           ["request", "record", "defer", "refuse", "confirm", "use"], "Consent");
?= not may(["an agent with a support task", "and a consent for support to be reached", "while use is restricted"],
           ["request", "record", "defer", "refuse", "confirm"], "Consent");
?= not may(["an agent with a support task", "and a consent for support to be reached", "that is closed"],
           ["request", "record", "defer", "refuse", "confirm", "use"], "Consent");
?= not may(["an employee", "and a consent for support to be reached"],
           ["request", "record", "defer", "refuse", "confirm", "use"], "Consent");
?= not may(["a manager", "and a consent for support to be reached"],
           ["request", "record", "defer", "refuse", "confirm", "use"], "Consent");
?= may(["the privacy officer", "and a consent for care to keep health records"], ["request", "pair", "confirm"],
       "Consent");
?= not may(["the privacy officer", "and a consent for support to be reached"],
           ["record", "defer", "refuse", "use", "lift", "renew", "lift_by_code", "record_by_code"], "Consent");
?= may(["an agent with a care task", "and a consent for care to keep health records"], ["record", "pair"], "Consent");
?= not may(["the customer", "and a consent for support to keep health records"], "pair", "Consent");
?= not may(["the privacy officer", "and a consent for support to keep health records"], "pair", "Consent");
?= not may(["an agent with a support task", "and a consent for support to be reached"], ["lift", "renew"], "Consent");
?= not may(["an agent with a support task", "and a consent for support to be reached"],
           ["lift_by_code", "record_by_code"], "Consent");
?= may("an agent with a verification task", ["lift_by_code", "record_by_code"], "Consent");
?= not may("an agent with a verification task", ["lift", "renew"], "Consent");
?= not may(["an agent with a verification task", "while use is restricted"], ["lift_by_code", "record_by_code"],
           "Consent");
?= not may(["an agent with a verification task", "without any consent"], ["lift_by_code", "record_by_code"], "Consent");
?= may(["an agent with a verification task", "and a telephone which somebody else wrote down"], "consent_by_code",
       "ContactPoint");
?= not may(["an agent with a verification task", "and a telephone which they wrote down"], "consent_by_code",
           "ContactPoint");
?= not may(["an agent with a support task", "and a telephone which somebody else wrote down"], "consent_by_code",
           "ContactPoint");
?= may(["an agent with a support task", "which somebody else recorded"], "read", "ContactPoint.value");
?= not may(["an agent with a support task", "which they recorded themselves"], "read",
           ["ContactPoint.value", "Customer.contactPoints"]);
?= not may(["an agent with break-glass access", "which they recorded themselves"], "read",
           ["ContactPoint.value", "Customer.contactPoints"]);
?= not may(["an agent with a verification task", "which they recorded themselves"], ["verify", "confirm"],
           "ContactPoint");
?= may(["an agent with a support task", "which they recorded themselves"], "begin_double_opt_in", "ContactPoint");
?= may(["an agent with a support task", "and a consent for support to be reached", "which somebody else recorded"],
       ["confirm", "use"], "Consent");
?= not may(["an agent with a support task", "and a consent for support to be reached",
            "which they recorded themselves"], ["confirm", "use"], "Consent");
?= not may(["the privacy officer", "which they recorded themselves"], "confirm", "Consent");
?= may(["the customer", "that an employee wrote down"], "contradict", "Consent");
?= may(["the customer", "that an import brought"], "contradict", "Consent");
?= not may(["the customer", "that the customer gave"], "contradict", "Consent");
?= not may(["an agent with a support task", "that an employee wrote down"], "contradict", "Consent");
?= not may(["the privacy officer", "that an employee wrote down"], "contradict", "Consent");
?= not may(["a subcontractor with a delivery task", "that an employee wrote down"],
           ["request", "record", "defer", "refuse", "confirm", "use", "contradict"], "Consent");

# Under which keys other systems know a customer is read for a task; who oversees the work sees the systems, and finds by a key.

?= may("an agent with a support task", "read", ["Customer.outsideKeys", "OutsideKey.source", "OutsideKey.key"]);
?= may("an agent with a support task", "find_by_outside_key", "Customer");
?= not may(["an agent with a support task", "that is closed"], "read", ["Customer.outsideKeys", "OutsideKey.key"]);
?= not may(["an agent with a support task", "that is closed"], "find_by_outside_key", "Customer");
?= may("a manager", "read", ["Customer.outsideKeys", "OutsideKey.source"]);
?= not may("a manager", "read", "OutsideKey.key");
?= may("a manager", "find_by_outside_key", "Customer");
?= may("the privacy officer", "find_by_outside_key", "Customer");
?= not may("the privacy officer", "read", "OutsideKey.key");
?= may("the customer", "read", ["Customer.outsideKeys", "OutsideKey.source", "OutsideKey.key"]);
?= not may("another customer", "read", ["Customer.outsideKeys", "OutsideKey.source"]);
?= not may("an employee", "read", ["Customer.outsideKeys", "OutsideKey.source"]);
?= not may("an employee", "find_by_outside_key", "Customer");
?= not may("an administrator", "find_by_outside_key", "Customer");
?= not may("a subcontractor with a delivery task", "read", ["Customer.outsideKeys", "OutsideKey.source"]);
?= not may("a subcontractor with a delivery task", "find_by_outside_key", "Customer");

# Without a task, staff see each other and nobody else; managers and privacy officers oversee the work, not the person.

?= may("an employee", "read", ["Employee.name", "EmployeeRole.role", "PartnerClient.name"]);
?= may("an employee", "read", ["Partner.name", "Notice.text"]);
?= not may("an employee", "read", ["ContactPoint.value", "Customer.number", "Task.purpose", "Consent.state"]);
?= not may("an employee", "read", ["Employee.active", "PartnerClient.active", "Employee.openTasks"]);
?= may("an administrator", "read", ["Employee.active", "PartnerClient.active"]);
?= not may("an administrator", "read", ["Employee.openTasks", "PartnerClient.overdueTasks"]);
?= may("a manager", "read", ["Employee.active", "PartnerClient.active", "Employee.overdueTasks"]);
?= may("the privacy officer", "read", ["Employee.active", "Employee.openTasks", "PartnerClient.openTasks"]);
?= may(["an employee", "whose customer has not left"], "request_break_glass", "Customer");
?= not may(["an employee", "whose customer has left"], "request_break_glass", "Customer");
?= not may("a manager", "list_readers", "Customer");
?= not may("an employee", ["open_task", "request_consent", "give_consent", "withdraw_consents", "object"], "Customer");
?= not may("an employee", ["list_recipients", "list_readers", "place_legal_hold", "begin_restriction"], "Customer");
?= not may("an employee", ["begin_withdrawal", "begin_export", "submit_payment_card"], "Customer");
?= not may("an employee", ["withdraw", "defer", "refuse", "revoke", "invalidate"], "Consent");
?= not may("an employee", ["assign", "close"], "Task");
?= not may("an employee", ["open_intake", "add_notice", "lift_suppression"], "Employee");
?= not may("an employee", ["rename", "give_employee_role", "take_employee_role", "deactivate", "activate"], "Employee");
?= not may("an employee, in person", ["add_employee", "give_employee_role"], "Employee");
?= not may("an employee", "end", "LegalHold");
?= not may("an employee", ["grant", "refuse", "extend"], "Request");
?= not may("an employee", "read", ["Customer.attestations", "Attestation.at", "Receipt.json", "LegalHold.reason"]);
?= not may("an employee", "read", ["Obligation.dueAt", "Request.dueAt", "Request.obligations", "Customer.requests"]);
?= may("an administrator", ["rename", "give_employee_role", "take_employee_role", "deactivate", "activate"],
       "Employee");
?= may("an administrator, in person", ["add_employee", "rename"], "Employee");
?= not may("an administrator", "add_employee", "Employee");
?= not may("an administrator, in person", ["give_employee_role", "take_employee_role", "deactivate", "activate"],
           "Employee");
?= not may(["a manager", "the privacy officer"],
           ["add_employee", "give_employee_role", "take_employee_role", "deactivate"], "Employee");
?= may("an administrator", "read", ["AccessChange.role", "AccessChange.by"]);
?= not may("an administrator", "read", "AccessChange.notifiedAt");
?= may("the privacy officer", "read", ["AccessChange.kind", "AccessChange.notifiedAt"]);
?= not may("a manager", "read", "AccessChange.kind");
?= not may("an administrator", "read", ["Identity.familyName", "Customer.number", "Task.purpose", "Access.at"]);
?= may("a manager", "read", ["Customer.tasks", "Task.assignee"]);
?= not may("a manager", "read", ["Identity.familyName", "ContactPoint.value", "Consent.state", "Access.at"]);
?= may(["a manager", "whose customer has not left"], "open_task", "Customer");
?= not may(["a manager", "whose customer has left"], "open_task", "Customer");
?= not may(["a manager", "whose customer has not left", "while use is restricted"], "open_task", "Customer");
?= may("a manager", ["close", "change"], "Task");
?= may("a manager, in person", "list_assignees", "Employee");
?= not may("an employee, in person", "list_assignees", "Employee");
?= may(["a manager", "and a colleague's account"], "could_assign_to", "Account");
?= may(["a manager", "and the account of a partner's client"], "could_assign_to", "Account");
?= not may(["a manager", "who states another purpose", "and the account of a partner's client"], "could_assign_to",
           "Account");
?= not may(["an administrator", "and a colleague's account"], "could_assign_to", "Account");
?= not may(["a manager", "while use is restricted"], "change", "Task");
?= may("a manager", "read", "Task.priority");
?= not may("a manager", "read", ["Task.subject", "Task.text"]);
?= may(["a manager", "who gives a task to an employee"], ["assign", "extend"], "Task");
?= not may(["a manager", "who gives a task to an employee", "while use is restricted"], ["assign", "extend"], "Task");
?= not may(["a manager", "who gives a task to an employee", "to themselves"], "extend", "Task");
?= not may(["an employee", "who gives a task to an employee"], ["assign", "extend"], "Task");
?= not may(["the privacy officer", "who gives a task to an employee"], "extend", "Task");

# Without an occasion, or from manager to manager, a task is given, and reviewed afterwards.

?= may(["a manager", "who gives a task to an employee", "for which something of the customer's own asks"],
       "assign_unreviewed", "Task");
?= not may(["a manager", "who gives a task to an employee"], "assign_unreviewed", "Task");
?= may(["a manager", "who gives a task to a manager"], "assign_to", "Task");
?= not may(["a manager", "who gives a task to a manager"], "assign_unreviewed", "Task");
?= not may(["an employee", "who gives a task to an employee", "for which something of the customer's own asks"],
           "assign_unreviewed", "Task");
?= may(["the privacy officer", "asked to review a task"], "decide", "TaskReview");
?= not may(["the privacy officer", "asked to review a task", "which they opened"], "decide", "TaskReview");
?= not may(["the privacy officer", "asked to review a task", "which they gave"], "decide", "TaskReview");
?= not may(["the privacy officer", "asked to review a task", "which they were given"], "decide", "TaskReview");
?= not may(["a manager", "asked to review a task"], "decide", "TaskReview");
?= may(["the privacy officer", "asked to review a task"], "read", ["TaskReview.note", "TaskReview.givenBy"]);
?= may(["a manager", "asked to review a task", "which they gave"], "read", ["TaskReview.reason", "TaskReview.verdict"]);
?= may(["an employee", "asked to review a task", "which they were given"], "read", "TaskReview.reason");
?= not may(["a manager", "asked to review a task"], "read", ["TaskReview.reason", "TaskReview.verdict"]);
?= may(["the customer", "asked to review a task"], "read", ["TaskReview.reason", "TaskReview.verdict"]);
?= not may(["the customer", "asked to review a task"], "read", ["TaskReview.note", "TaskReview.givenBy"]);
?= not may(["another customer", "asked to review a task"], "read", "TaskReview.reason");
?= not may(["the customer", "asked to review a task"], "decide", "TaskReview");

# To whom a task can be given.

?= may("a manager", "open_intake", "Employee");
?= may(["a manager", "who gives a task to an employee"], "assign_to", "Task");
?= may(["a manager", "who gives a task to a partner"], "assign_to", "Task");
?= not may(["an employee", "who gives a task to an employee"], "assign_to", "Task");
?= not may(["the privacy officer", "who gives a task to an employee"], "assign_to", "Task");
?= not may(["a manager", "who gives a task to an employee", "to themselves"], "assign_to", "Task");
?= not may(["a manager", "who gives a task to an employee", "who was deactivated"], "assign_to", "Task");
?= not may(["a manager", "who gives a task to an employee", "to a customer"], "assign_to", "Task");
?= not may(["a manager", "who gives a task to a partner", "who was deactivated"], "assign_to", "Task");
?= not may(["a manager", "who gives a task to a partner", "without a signed agreement"], "assign_to", "Task");
?= not may(["a manager", "who gives a task to a partner", "after the agreement ended"], "assign_to", "Task");
?= not may(["a manager", "who gives a task to a partner", "before the agreement begins"], "assign_to", "Task");
?= not may(["a manager", "who gives a task to a partner", "of another partner"], "assign_to", "Task");
?= not may(["a manager", "who gives a task to a partner", "under an agreement with a deactivated partner"], "assign_to",
           "Task");
?= not may(["a manager", "who gives a task to a partner", "under an agreement for another purpose"], "assign_to",
           "Task");

# It goes back where it could not be given to who has it any more.

?= may("an agent with a support task", "keep", "Task");
?= not may(["an agent with a support task", "that somebody else carries"], "keep", "Task");
?= may(["an agent with a support task", "that is over its day"], "keep", "Task");
?= may(["a subcontractor with a delivery task", "of which its client is the assignee"], "keep", "Task");
?= not may(["an agent with a support task", "who was deactivated"], "keep", "Task");
?= not may(["an agent with a support task", "who is at the front desk as well"], "keep", "Task");
?= not may(["a subcontractor with a delivery task", "of which its client is the assignee", "after the agreement ended"],
           "keep", "Task");

# The rest of the work is overseen.

?= may("the privacy officer", "read",
       ["Customer.consents", "Task.outcome", "Task.occasion", "Consent.evidence", "Access.fields"]);
?= may("the privacy officer", "read", ["Receipt.json", "LegalHold.reason", "Obligation.partner"]);
?= may("the privacy officer", "read", ["Request.dueAt", "Request.obligations"]);
?= not may("the privacy officer", "read",
           ["Identity.familyName", "ContactPoint.value", "HealthRecord.code", "Request.wanted"]);
?= may("the privacy officer", ["request_consent", "withdraw_consents", "list_recipients", "place_legal_hold"],
       "Customer");
?= may("the privacy officer", ["object", "list_readers"], "Customer");
?= not may("the privacy officer", "begin_restriction", "Customer");
?= not may("the privacy officer", ["give_consent", "end_restriction", "begin_withdrawal", "begin_export"], "Customer");
?= may("the privacy officer", ["withdraw", "revoke", "invalidate"], "Consent");
?= may("the privacy officer", "end", "LegalHold");
?= may("the privacy officer", "read", ["Difference.field", "Difference.seenIn", "Difference.settlement"]);
?= may("the privacy officer", "read", ["MissedLookup.lookups", "MissedLookup.employee", "MissedLookup.refusedUntil"]);
?= not may("a manager", "read", "MissedLookup.lookups");
?= not may("the customer", "read", "MissedLookup.lookups");
?= may("the privacy officer", "settle", "Difference");
?= not may("a manager", "settle", "Difference");
?= not may("a manager", "read", "Difference.field");
?= not may("the customer", "settle", "Difference");
?= not may("the customer", "read", "Difference.field");
?= may("the privacy officer", ["refuse", "extend"], "Request");
?= not may("the privacy officer", "grant", "Request");
?= may("the privacy officer, in person", ["add_notice", "lift_suppression"], "Employee");
?= may(["the privacy officer, in person", "at the console"], "lift_suppression_at_console", "Employee");
?= not may("the privacy officer, in person", "lift_suppression_at_console", "Employee");
?= not may("the privacy officer", ["add_notice", "lift_suppression"], "Employee");
?= not may("an employee, in person", ["add_notice", "lift_suppression"], "Employee");

# Customers: all of their own, and of nobody else's.

?= may("the customer", "read",
       ["Identity.familyName", "HealthRecord.description", "PaymentCard.lastFour", "Order.total"]);
?= may("the customer", "read", ["Customer.number", "Customer.healthRecords", "Task.purpose", "Consent.evidence"]);
?= may("the customer", "read", ["Task.dueAt", "Task.occasion", "Task.reviews", "Task.subject", "Task.text"]);
?= not may("another customer", "read", ["Task.subject", "Task.text"]);
?= may("the customer", "read",
       ["Access.actorRoles", "Attestation.at", "Message.state", "Receipt.html", "LegalHold.basis"]);
?= may("the customer", "read", ["Request.wanted", "Obligation.partner", "Notice.text"]);
?= not may("the customer", "read", ["Task.assignee", "Employee.name", "Partner.name"]);
?= may(["the customer", "while use is restricted"], "read", "Identity.familyName");
?= not may(["the customer", "without any consent"], "read", "Identity.familyName");
?= not may(["the customer", "without any consent"], "change", ["ContactPoint", "PostalAddress", "Preference"]);
?= not may(["the customer", "without any consent"], ["verify", "confirm", "begin_double_opt_in"], "ContactPoint");
?= may(["the customer", "without any consent"], "remove", "ContactPoint");
?= may(["the customer", "who has a message here"], "read", "Message.text");
?= not may(["the customer", "who has a message by mail"], "read", "Message.text");
?= may(["the customer", "whose data a partner had"], "read", "Partner.name");
?= may(["the customer", "of whom somebody wanted to know"], "read",
       ["BreakGlass.reason", "BreakGlassCategory.category"]);
?= not may(["the customer", "of whom somebody wanted to know"], "read", "BreakGlass.requestedBy");
?= not may("another customer", "read",
           ["Identity.familyName", "Customer.number", "Consent.state", "Access.at", "Message.state"]);
?= not may("another customer", ["give_consent", "object", "begin_withdrawal", "begin_export", "list_recipients"],
           "Customer");
?= not may("another customer", ["withdraw", "defer", "refuse", "request", "record"], "Consent");
?= not may("another customer", ["lift", "renew", "lift_by_code", "record_by_code", "confirm", "use"], "Consent");
?= not may(["another customer", "that an employee wrote down"], "contradict", "Consent");
?= not may("another customer", "consent_by_code", "ContactPoint");
?= not may("another customer", ["open_task", "withdraw_consents", "preview_withdrawal", "download_export"], "Customer");
?= not may("another customer", ["begin_restriction", "end_restriction", "submit_request"], "Customer");
?= not may("another customer", ["submit_sealed_request", "submit_payment_card", "submit_health_record"], "Customer");
?= not may("another customer", ["add_contact_point", "add_postal_address", "add_preference"], "Customer");
?= not may("another customer", "change_identity", "Customer");
?= not may("another customer", "withdraw", "Request");
?= not may("another customer", "read", ["Customer.identity", "Task.purpose", "Attestation.at", "Receipt.json"]);
?= not may("another customer", "read", ["LegalHold.reason", "Obligation.dueAt", "Request.wanted"]);
?= not may(["another customer", "who has a message here", "whose data a partner had"], "read",
           ["Message.text", "Partner.name"]);
?= not may(["another customer", "of whom somebody wanted to know"], "read",
           ["BreakGlass.reason", "BreakGlassCategory.category"]);
?= not may("another customer", ["change", "remove"], ["ContactPoint", "PostalAddress", "Preference"]);
?= not may("another customer", ["verify", "confirm", "begin_double_opt_in"], "ContactPoint");
?= may("the customer", ["give_consent", "withdraw_consents", "object", "list_recipients"], "Customer");
?= may(["the customer", "whose customer has not left", "while use is restricted"], "open_task", "Customer");
?= not may(["the customer", "whose customer has left"], "open_task", "Customer");
?= may("the customer", ["begin_withdrawal", "preview_withdrawal", "begin_export", "download_export"], "Customer");
?= may("the customer", ["begin_restriction", "end_restriction", "submit_request", "submit_sealed_request"], "Customer");
?= may("the customer", ["submit_payment_card", "submit_health_record"], "Customer");
?= may("the customer", ["add_contact_point", "add_postal_address", "add_preference", "change_identity"], "Customer");
?= may("the customer", ["change", "remove"], ["ContactPoint", "PostalAddress", "Preference"]);
?= may("the customer", ["verify", "confirm", "begin_double_opt_in"], "ContactPoint");
?= may("the customer", ["withdraw", "defer", "refuse", "request", "record"], "Consent");
?= may(["the customer", "and a consent for support to be reached"], "pair", "Consent");
?= may("the customer", ["lift", "renew", "lift_by_code", "record_by_code", "confirm", "use"], "Consent");
?= may("the customer", "consent_by_code", "ContactPoint");
?= may("the customer", "withdraw", "Request");
?= not may(["the customer", "who can no longer sign in"], ["begin_export", "download_export"], "Customer");
?= not may("the customer", ["revoke", "invalidate"], "Consent");
?= may(["the customer", "with suspended consents"], "read", ["Identity.familyName", "Consent.suspendedBy"]);

# Ending a consent on a customer's behalf takes two people; the customer does it alone.

?= may("the customer", "end_alone", ["Customer", "Consent"]);
?= not may("another customer", "end_alone", ["Customer", "Consent"]);
?= not may("an agent with a support task", "end_alone", ["Customer", "Consent"]);
?= not may("the privacy officer", "end_alone", ["Customer", "Consent"]);
?= may(["an agent with a support task", "who recorded an instruction for support"], "record", "Instruction");
?= may(["an agent with a support task", "who recorded an instruction for support"], "read",
       ["Instruction.evidence", "Instruction.state", "Instruction.recordedBy", "Customer.instructions"]);
?= not may(["an agent with a support task", "who recorded an instruction for support", "that is closed"], "record",
           "Instruction");
?= not may(["an agent with a support task", "who recorded an instruction for another purpose"], "record",
           "Instruction");
?= not may(["an agent with a support task", "who recorded an instruction for every purpose"], "record", "Instruction");
?= not may(["an agent with a support task", "who recorded a revocation"], "record", "Instruction");
?= not may(["an employee", "who recorded an instruction for support"], "record", "Instruction");
?= not may(["an agent with a support task", "with whom an instruction waits"], ["record", "approve", "refuse"],
           "Instruction");
?= not may(["an agent with a support task", "with whom an instruction waits"], "read", "Instruction.state");
?= may(["the privacy officer", "who recorded an instruction for every purpose"], "record", "Instruction");
?= may(["the privacy officer", "who recorded a revocation"], "record", "Instruction");
?= not may(["the privacy officer", "who recorded a revocation"], ["approve", "refuse"], "Instruction");
?= not may(["the privacy officer", "with whom an instruction waits"], "record", "Instruction");
?= may(["the privacy officer", "with whom an instruction waits", "about a special category"], ["approve", "refuse"],
       "Instruction");
?= may(["the privacy officer", "with whom an instruction waits", "about a special category"], "read",
       ["Instruction.evidence", "Instruction.decidedBy"]);
?= may("the privacy officer", "read", "Consent.suspendedBy");
?= may(["a manager", "with whom an instruction waits"], ["approve", "refuse"], "Instruction");
?= may(["a manager", "with whom an instruction waits"], "read", ["Instruction.evidence", "Instruction.recordedBy"]);
?= not may(["a manager", "with whom an instruction waits", "about a special category"], ["approve", "refuse"],
           "Instruction");
?= not may(["a manager", "with whom an instruction waits", "about a special category"], "read", "Instruction.state");
?= not may(["a manager", "who recorded an instruction for support"], ["record", "approve", "refuse"], "Instruction");
?= not may(["an employee", "with whom an instruction waits"], ["approve", "refuse"], "Instruction");
?= not may(["an employee", "with whom an instruction waits"], "read", "Instruction.state");
?= may(["the customer", "with whom an instruction waits"], "contradict", "Instruction");
?= may(["the customer", "with whom an instruction waits"], "read", ["Instruction.evidence", "Customer.instructions"]);
?= not may(["the customer", "with whom an instruction waits"], ["record", "approve", "refuse"], "Instruction");
?= not may(["the customer", "with whom an instruction waits"], "read", "Instruction.recordedBy");
?= not may(["another customer", "with whom an instruction waits"], "contradict", "Instruction");
?= not may(["another customer", "with whom an instruction waits"], "read", "Instruction.state");
?= not may(["an agent with a support task", "with whom an instruction waits"], "contradict", "Instruction");

# What came on paper to be put right is recorded for a task that needs it, and decided by somebody else.

?= may("an agent with a support task", "record_request", "Customer");
?= may("the privacy officer", "record_request", "Customer");
?= not may("an employee", "record_request", "Customer");
?= not may("the customer", "record_request", "Customer");
?= may(["an agent with a support task", "who recorded a letter about a telephone"], "record", "Request");
?= not may(["an agent with a support task", "who recorded a letter about a card"], "record", "Request");
?= not may(["an agent with a support task", "with a letter about a telephone"], "record", "Request");
?= may(["the privacy officer", "who recorded a letter about a card"], "record", "Request");
?= not may(["the privacy officer", "who recorded a letter about a card"], ["refuse", "extend"], "Request");
?= not may(["an agent with a support task", "who recorded a letter about a telephone"], ["grant", "refuse", "extend"],
           "Request");
?= may(["an agent with a support task", "with a letter about a telephone", "that was recorded"],
       ["grant", "refuse", "extend"], "Request");
?= may(["an agent with a support task", "with a letter about an identity", "that was recorded"], "grant", "Request");
?= may(["an agent with a delivery task", "with a letter about an address", "that was recorded"], "grant", "Request");
?= may(["an agent with a marketing task", "with a letter about a preference", "that was recorded"], "grant", "Request");
?= not may(["an agent with a support task", "with a letter about a telephone", "which the customer asked for here"],
           "grant", "Request");
?= may(["an agent with a support task", "with a letter about a telephone", "which came from an address that is known"],
       "rely_on", "Request");
?= may(["an agent with a support task", "which the customer asked for here"], "rely_on", "Request");
?= not may(["an agent with a support task", "with a letter about a telephone", "which somebody telephoned about"],
           "rely_on", "Request");

# A right on paper is recorded by whoever works for the customer, decided by a second person, and takes proof by what it does.

?= may("an agent with a support task", "record_instruction", "Customer");
?= may("the privacy officer", "record_instruction", "Customer");
?= not may("a manager", "record_instruction", "Customer");
?= not may(["an agent with a support task", "that is over its day"], "record_instruction", "Customer");
?= not may("the customer", "record_instruction", "Customer");
?= may(["an agent with a support task", "who recorded a letter that asks for a copy"], ["record", "prove"],
       "Instruction");
?= not may(["an agent with a support task", "with whom a letter waits that asks for a copy"], "record", "Instruction");
?= not may(["an employee", "who recorded a letter that asks for a copy"], ["record", "prove"], "Instruction");
?= may(["the privacy officer", "with whom a letter waits that asks for a copy"],
       ["prove", "approve", "extend", "deliver", "hand_over"], "Instruction");
?= not may(["the privacy officer", "with whom a letter waits that asks for a copy", "of which they said whose it is"],
           ["approve", "refuse", "extend", "deliver", "hand_over"], "Instruction");
?= not may(["a manager", "with whom an instruction waits", "of which they said whose it is"], "approve", "Instruction");
?= not may(["an agent with a support task", "who recorded a letter that asks for a copy"],
           ["approve", "extend", "deliver", "hand_over"], "Instruction");
?= may(["a manager", "with whom a consent is to be withdrawn", "as nobody showed anything"], ["rely_on", "carry_out"],
       "Instruction");
?= may(["a manager", "with whom a letter waits that asks for a copy", "as documents show"], ["rely_on", "carry_out"],
       "Instruction");
?= not may(["a manager", "with whom a letter waits that asks for a copy", "as was asked back"], "rely_on",
           "Instruction");
?= not may(["a manager", "with whom a letter waits that asks for a copy", "as nobody showed anything"], "rely_on",
           "Instruction");
?= may(["a manager", "with whom somebody wants to leave", "as was asked back", "for some days"],
       ["rely_on", "carry_out"], "Instruction");
?= not may(["a manager", "with whom somebody wants to leave", "as nobody showed anything"], "rely_on", "Instruction");
?= not may(["a manager", "with whom somebody wants to leave", "as documents show", "since yesterday"], "carry_out",
           "Instruction");
?= may(["a manager", "and a telephone with which they have nothing to do"], "deliver_to", "ContactPoint");
?= not may(["a manager", "and a telephone which they wrote down"], "deliver_to", "ContactPoint");
?= not may(["a manager", "and a telephone which they verified"], "deliver_to", "ContactPoint");
?= may(["a stranger", "with whom a letter waits that asks for a copy", "whose archive was sent"], "fetch",
       "Instruction");
?= not may(["a stranger", "with whom a letter waits that asks for a copy", "whose link has ended"], "fetch",
           "Instruction");
?= not may(["the customer", "with whom a letter waits that asks for a copy", "whose archive was sent"], "fetch",
           "Instruction");
?= not may(["an employee", "with whom a letter waits that asks for a copy", "whose archive was sent"], "fetch",
           "Instruction");

# What staff and subcontractors write on the customer's word: what their task needs, with consent, and while use is not
# restricted; and it proves nothing to them.

?= may("an agent with a support task", ["add_contact_point", "change_identity", "record_interaction", "enter_order"],
       "Customer");
?= not may("an agent with a support task", ["add_postal_address", "add_preference"], "Customer");
?= may("an agent with a delivery task", "add_postal_address", "Customer");
?= may("an agent with a sales task", "add_preference", "Customer");
?= may("an agent with a support task", "change", "ContactPoint");
?= may("an agent with a delivery task", "change", "PostalAddress");
?= may("an agent with a marketing task", "change", "Preference");
?= not may("an agent with a support task", "change", ["PostalAddress", "Preference"]);
?= not may("an agent with a verification task", ["record_interaction", "enter_order"], "Customer");
?= not may("an agent with a support task", "remove", ["ContactPoint", "PostalAddress", "Preference"]);
?= not may(["an agent with a support task", "without any consent"],
           ["add_contact_point", "change_identity", "record_interaction", "enter_order"], "Customer");
?= not may(["an agent with a support task", "which they recorded themselves"],
           ["add_contact_point", "change_identity", "record_interaction", "enter_order"], "Customer");
?= not may(["an agent with a support task", "with suspended consents"], ["add_contact_point", "enter_order"],
           "Customer");
?= not may(["an agent with a support task", "while use is restricted"],
           ["add_contact_point", "change_identity", "record_interaction", "enter_order"], "Customer");
?= not may(["an agent with a support task", "that is over its day"], ["change_identity", "record_interaction"],
           "Customer");
?= not may(["an agent with a support task", "that is closed"], "change", "ContactPoint");
?= not may(["an agent with a support task", "who states another purpose"], "change", "ContactPoint");
?= not may("a manager", ["add_contact_point", "change_identity", "record_interaction", "enter_order"], "Customer");
?= not may("an employee", "change", ["ContactPoint", "PostalAddress", "Preference"]);
?= may(["an agent with a support task", "which they wrote on the customer's word"], "dictate", "ContactPoint");
?= not may(["an agent with a support task", "which somebody else wrote on the customer's word"], "dictate",
           "ContactPoint");
?= not may(["an agent with a support task", "which they took in"], "dictate", "ContactPoint");
?= may(["an agent with a support task", "whose name they wrote"], "dictate", "Identity");
?= may(["an agent with a delivery task", "whose address they wrote"], "dictate", "PostalAddress");
?= may(["an agent with a sales task", "whose preference they wrote"], "dictate", "Preference");
?= may(["an agent with a sales task", "with whom they spoke"], "dictate", "Interaction");
?= may(["an agent with a billing task", "whose order they entered"], "dictate", "Order");
?= not may(["an agent with a delivery task", "with whom they spoke"], "dictate", "Interaction");
?= not may(["an agent with a support task", "with whom somebody else spoke"], "dictate", "Interaction");
?= may(["an agent with a support task", "which somebody else recorded", "and a consent for support to be reached"],
       "dictate_under", "Consent");
?= not may(["an agent with a support task", "which they recorded themselves"], "dictate_under", "Consent");
?= not may(["an agent with a support task", "and a consent for marketing to be reached"], "dictate_under", "Consent");
?= not may(["an agent with a support task", "and a consent for support to what that does not need"], "dictate_under",
           "Consent");
?= may("a subcontractor with a support task", "record_interaction", "Customer");
?= may(["a subcontractor with a support task", "with whom they spoke"], "dictate", "Interaction");
?= not may("a subcontractor with a support task", ["enter_order", "add_contact_point", "change_identity"], "Customer");
?= not may("a subcontractor with a support task", "change", "ContactPoint");
?= not may(["a subcontractor with a support task", "of which the agreement names less"], "record_interaction",
           "Customer");
?= not may(["a subcontractor with a support task", "without a signed agreement"], "record_interaction", "Customer");
?= not may(["a subcontractor with a support task", "without any consent"], "record_interaction", "Customer");
?= not may(["a subcontractor with a support task", "while use is restricted"], "record_interaction", "Customer");
?= not may("a subcontractor with a delivery task", "record_interaction", "Customer");
?= may(["a subcontractor with a support task", "which somebody else recorded",
        "and a consent for support to be reached"], "dictate_under", "Consent");
?= not may(["a subcontractor with a support task", "and a consent for marketing to be reached"], "dictate_under",
           "Consent");
?= not may(["an agent with a verification task", "which they wrote on the customer's word"], ["verify", "confirm"],
           "ContactPoint");
?= not may(["an agent with a support task", "which they wrote on the customer's word"], "begin_double_opt_in",
           "ContactPoint");
?= may(["an agent with a verification task", "which somebody else wrote on the customer's word"], ["verify", "confirm"],
       "ContactPoint");
?= may(["an agent with a verification task", "which they took in"], ["verify", "confirm"], "ContactPoint");
?= may(["the customer", "of whom somebody else wrote something"], ["confirm", "contradict"], "Dictation");
?= may(["the customer", "of whom somebody else wrote something"], "read",
       ["Dictation.evidence", "Dictation.recordedRoles", "Customer.dictations"]);
?= not may(["the customer", "of whom somebody else wrote something"], "read", "Dictation.recordedBy");
?= not may(["another customer", "of whom somebody else wrote something"], ["confirm", "contradict"], "Dictation");
?= not may(["another customer", "of whom somebody else wrote something"], "read", "Dictation.state");
?= may(["an agent with a support task", "who wrote something"], "read", ["Dictation.state", "Customer.dictations"]);
?= not may(["an agent with a support task", "who wrote something"], "read",
           ["Dictation.evidence", "Dictation.recordedBy"]);
?= not may(["an agent with a support task", "who wrote something"], ["confirm", "contradict"], "Dictation");
?= not may(["a manager", "of whom somebody else wrote something"], "read", "Dictation.state");
?= may(["the privacy officer", "of whom somebody else wrote something"], "read",
       ["Dictation.state", "Dictation.recordedBy", "Customer.dictations"]);
?= not may(["the privacy officer", "of whom somebody else wrote something"], "read", "Dictation.evidence");

# Customers ask to have put right what they cannot change themselves; who reads it for a task decides.

?= may(["an agent with a support task", "who is asked about an order"], ["grant", "refuse", "extend"], "Request");
?= may(["an agent with a support task", "who is asked about an interaction"], "read", "Request.wanted");
?= may(["an agent with a billing task", "who is asked about a card"], "grant", "Request");
?= may(["an agent with a verification task", "who is asked about evidence"], "grant", "Request");
?= may(["an agent with a verification task", "who is asked about a personal code"], "grant", "Request");
?= may(["an agent with a care task", "who is asked about a health record"], "grant", "Request");
?= not may(["an agent with a support task", "who is asked about a health record"], ["grant", "refuse"], "Request");
?= not may(["an agent with a delivery task", "who is asked about an address"], "grant", "Request");
?= not may(["an employee", "who is asked about an order"], ["grant", "refuse", "extend"], "Request");
?= not may(["an employee", "who is asked about an order"], "read", ["Request.wanted", "Request.decidedAt"]);
?= not may(["an agent with a support task", "who is asked about an order", "without any consent"], "grant", "Request");
?= not may(["an agent with a support task", "who is asked about an order", "while use is restricted"], "read",
           "Request.wanted");
?= may(["an employee", "who decided a request"], "read", "Request.decidedAt");
?= not may(["an employee", "who decided a request"], "read", "Request.wanted");

# Break-glass access: asked for by one, approved by another, for minutes.

?= may("an agent with break-glass access", "read", ["ContactPoint.value", "Customer.number", "Customer.contactPoints"]);
?= may("an agent with break-glass access", "read", ["BreakGlass.reason", "BreakGlassCategory.category"]);
?= may("an agent with break-glass access", "end", "BreakGlass");
?= not may("an agent with break-glass access", "read", ["Identity.familyName", "Order.total"]);
?= not may(["an agent with break-glass access", "which nobody has approved"], "read", "ContactPoint.value");
?= not may(["an agent with break-glass access", "which somebody else asked for"], "read",
           ["ContactPoint.value", "Customer.number", "BreakGlass.reason"]);
?= not may(["an agent with break-glass access", "which somebody else asked for"], ["end", "review"], "BreakGlass");
?= not may(["an agent with break-glass access", "which somebody else asked for"], ["approve", "refuse"], "BreakGlass");
?= not may(["an agent with break-glass access", "to what the purpose does not need"], "read", "HealthRecord.code");
?= not may(["an agent with break-glass access", "by somebody who was deactivated"], "read",
           ["ContactPoint.value", "Customer.number"]);
?= not may(["an agent with break-glass access", "whose time is over"], "read", "ContactPoint.value");
?= not may(["an agent with break-glass access", "who states another purpose"], "read", "ContactPoint.value");
?= not may(["an agent with break-glass access", "without any consent"], "read", "ContactPoint.value");
?= not may("an agent with break-glass access", ["approve", "refuse", "review"], "BreakGlass");
?= may(["a manager", "asked for break-glass access"], ["approve", "refuse"], "BreakGlass");
?= not may(["a manager", "asked for break-glass access", "while use is restricted"], "approve", "BreakGlass");
?= may(["a manager", "asked for break-glass access", "while use is restricted"], "refuse", "BreakGlass");
?= may(["a manager", "asked for break-glass access"], "read", ["BreakGlass.reason", "BreakGlassCategory.category"]);
?= may(["a manager", "asked for break-glass access", "which they approved"], "end", "BreakGlass");
?= not may(["a manager", "asked for break-glass access", "to a special category"], ["approve", "refuse"], "BreakGlass");
?= not may(["a manager", "asked for break-glass access", "to a special category"], "read",
           ["BreakGlass.reason", "BreakGlassCategory.category"]);
?= not may(["a manager", "asked for break-glass access", "by themselves"], ["approve", "refuse"], "BreakGlass");
?= may(["the privacy officer", "asked for break-glass access", "to a special category"], ["approve", "end", "review"],
       "BreakGlass");
?= may(["the privacy officer", "asked for break-glass access"], "read",
       ["BreakGlass.note", "BreakGlassCategory.category"]);
?= not may(["the privacy officer", "asked for break-glass access", "which they approved"], "review", "BreakGlass");
?= not may(["the privacy officer", "asked for break-glass access", "by themselves"], "review", "BreakGlass");
?= not may(["the privacy officer", "asked for break-glass access", "by themselves"], "approve", "BreakGlass");

# Subcontractors: what the task needs, and of that only what the agreement names.

?= may("a subcontractor with a delivery task", "read", ["PostalAddress.street", "Customer.number", "Task.dueAt"]);
?= may("a subcontractor with a delivery task", "close", "Task");
?= may("a subcontractor with a delivery task", "read", "Task.subject");
?= not may("a subcontractor with a delivery task", "read", "Task.text");
?= not may("a subcontractor with a delivery task", "change", "Task");
?= not may(["a subcontractor with a delivery task", "that is over its day"], "read", "Task.subject");
?= not may(["a subcontractor with a delivery task", "without a signed agreement"], "read", "Task.subject");
?= not may(["a subcontractor with a delivery task", "while use is restricted"], "read", "Task.subject");
?= not may("a subcontractor with a delivery task", "read",
           ["Customer.restricted", "Customer.consents", "Task.reviews"]);
?= not may(["a subcontractor with a delivery task", "that is over its day"], "read",
           ["PostalAddress.street", "Customer.number", "Customer.postalAddresses"]);
?= may(["a subcontractor with a delivery task", "that is over its day"], "read", "Task.dueAt");
?= may(["a subcontractor with a delivery task", "that is over its day"], "close", "Task");
?= not may("a subcontractor with a delivery task", "read",
           ["PostalAddress.city", "Identity.familyName", "Order.total"]);
?= not may("a subcontractor with a delivery task", "read", ["Consent.state", "Access.at", "Employee.name"]);
?= not may("a subcontractor with a delivery task", ["request_break_glass", "open_task", "give_consent"], "Customer");
?= not may(["a subcontractor with a delivery task", "without a signed agreement"], "read",
           ["PostalAddress.street", "Customer.number", "Task.dueAt"]);
?= not may(["a subcontractor with a delivery task", "under an agreement with a deactivated partner"], "read",
           ["PostalAddress.street", "Customer.number", "Task.dueAt"]);
?= not may(["a subcontractor with a delivery task", "under an agreement with a deactivated partner"], "close", "Task");
?= not may(["a subcontractor with a delivery task", "who was deactivated"], "read",
           ["PostalAddress.street", "Customer.number", "Task.dueAt"]);
?= not may(["a subcontractor with a delivery task", "who was deactivated"], "close", "Task");
?= not may(["a subcontractor with a delivery task", "after the agreement ended"], "read",
           ["PostalAddress.street", "Customer.number", "Task.dueAt"]);
?= not may(["a subcontractor with a delivery task", "before the agreement begins"], "read",
           ["PostalAddress.street", "Customer.number", "Task.dueAt"]);
?= not may(["a subcontractor with a delivery task", "under an agreement for another purpose"], "read",
           "PostalAddress.street");
?= not may(["a subcontractor with a delivery task", "under an agreement on what the task does not need"], "read",
           ["HealthRecord.kind", "PostalAddress.kind"]);
?= not may(["a subcontractor with a delivery task", "without a signed agreement"], "close", "Task");
?= not may(["a subcontractor with a delivery task", "that somebody else carries"], "close", "Task");
?= not may(["a subcontractor with a delivery task", "that somebody else carries"], "read",
           ["PostalAddress.street", "Customer.number", "Task.dueAt"]);
?= not may(["a subcontractor with a delivery task", "under another partner's agreement"], "read",
           "PostalAddress.street");
?= not may(["a subcontractor with a delivery task", "that is closed"], "read", "PostalAddress.street");
?= not may(["a subcontractor with a delivery task", "without any consent"], "read", "PostalAddress.street");
?= may("a subcontractor", "read", "PartnerClient.name");
?= may(["a subcontractor", "of its company"], "read", "Partner.name");
?= may(["a subcontractor", "that owes something"], "acknowledge", "Obligation");
?= may(["a subcontractor", "that owes something"], "read", "Obligation.dueAt");
?= not may("a subcontractor", "acknowledge", "Obligation");
?= not may(["a subcontractor", "that was deactivated"], "read", "PartnerClient.name");
?= not may(["a subcontractor", "whose company was deactivated"], "read", "PartnerClient.name");
?= not may(["a subcontractor", "of its company", "which was deactivated"], "read", "Partner.name");
?= not may(["a subcontractor", "that owes something", "although its company was deactivated"], "acknowledge",
           "Obligation");
?= not may(["a subcontractor", "that owes something", "although its company was deactivated"], "read",
           "Obligation.dueAt");
?= not may("a subcontractor with a delivery task", "read", "PartnerClient.name");
?= not may("a subcontractor", "read", ["Partner.name", "Obligation.dueAt", "ContactPoint.value"]);

# Whoever is nobody yet, and everybody's own session.

?= may("a stranger", "begin_intake", "Notice");
?= may("a stranger", "read", "Notice.text");
?= not may("a stranger", "read", ["Customer.number", "ContactPoint.value", "Employee.name"]);
?= may("an employee in their own session", ["sign_out", "confirm", "change_password"], "Session");
?= may("an employee in their own session", ["enrol_totp", "confirm_totp", "remove_totp"], "Session");
?= may("the customer in their own session", ["sign_out", "confirm", "change_password"], "Session");
?= may("the customer in their own session", ["enrol_totp", "confirm_totp", "remove_totp"], "Session");
?= may("a subcontractor in its own session", "sign_out", "Session");
?= not may(["an employee in their own session", "which is somebody else's"],
           ["sign_out", "confirm", "change_password", "enrol_totp", "confirm_totp", "remove_totp"], "Session");
?= not may(["the customer in their own session", "which is somebody else's"],
           ["sign_out", "confirm", "change_password", "enrol_totp", "confirm_totp", "remove_totp"], "Session");

# What is held back by law leaves at the machine itself, by the privacy officer.

?= may(["the privacy officer", "at the console"], "disclose", "LegalHold");
?= not may("the privacy officer", "disclose", "LegalHold");
?= not may(["a manager", "at the console"], "disclose", "LegalHold");

# Sessions are seen and ended by their owners; a lost secret, or a theft, is somebody else's to see to.

?= may("an employee in their own session", ["end", "end_other_sessions"], "Session");
?= may("the customer in their own session", ["end", "end_other_sessions"], "Session");
?= may("a subcontractor in its own session", ["end", "end_other_sessions"], "Session");
?= may("the customer in their own session", "read", ["Session.createdAt", "Session.newPlace"]);
?= not may(["an employee in their own session", "which is somebody else's"], ["end", "end_other_sessions"], "Session");
?= not may(["an employee in their own session", "which is somebody else's"], "read", "Session.createdAt");
?= may("an administrator", "end_employee_sessions", "Employee");
?= not may("an administrator, in person", "end_employee_sessions", "Employee");
?= not may("a manager", "end_employee_sessions", "Employee");
?= may("the privacy officer", "end_customer_sessions", "Customer");
?= not may("an administrator", "end_customer_sessions", "Customer");
?= not may("an agent with a support task", "end_customer_sessions", "Customer");
?= may("an administrator", "renew_partner_secret", "PartnerClient");
?= not may("a manager", "renew_partner_secret", "PartnerClient");
?= may(["a subcontractor in its own session", "as a client of a partner"], "replace_partner_secret", "Session");
?= not may(["a subcontractor in its own session", "as a client of a partner that was deactivated"],
           "replace_partner_secret", "Session");
?= may(["the privacy officer", "and what a deactivated partner owes"], "confirm", "Obligation");
?= not may(["the privacy officer", "and what a partner owes"], "confirm", "Obligation");
?= not may(["a manager", "and what a deactivated partner owes"], "confirm", "Obligation");

# The front desk finds whoever has not left, and sees nothing of them.

?= may("somebody at the front desk, in person", "make_desk_lookup", "Employee");
?= not may("somebody at the front desk", "make_desk_lookup", "Employee");
?= not may("an employee, in person", "make_desk_lookup", "Employee");
?= may(["somebody at the front desk", "whose customer has not left"], "find", "Customer");
?= may(["somebody at the front desk", "whose customer has not left", "while use is restricted"], "find", "Customer");
?= not may(["somebody at the front desk", "whose customer has left"], "find", "Customer");
?= not may(["an employee", "whose customer has not left"], "find", "Customer");
?= not may(["a manager", "whose customer has not left"], "find", "Customer");
?= not may(["the customer", "whose customer has not left"], "find", "Customer");
?= not may(["a subcontractor with a delivery task", "whose customer has not left"], "find", "Customer");
?= not may(["a manager", "asked for break-glass access", "that somebody at the front desk asked for"], "approve",
           "BreakGlass");
?= may("the privacy officer", "read", ["DeskLookup.employee", "DeskLookup.way", "Access.foundBy"]);
?= not may(["a manager", "somebody at the front desk"], "read", "DeskLookup.way");
?= may("the customer", "read", "Access.foundBy");

# Whom it has just found it opens a task for, that others carry, and for what people come there for.

?= may(["somebody at the front desk", "who has just found the customer", "whose customer has not left"],
       ["open_task", "send_password_code"], "Customer");
?= may(["somebody at the front desk", "who has just found the customer", "whose customer has not left",
        "while use is restricted"], "send_password_code", "Customer");
?= not may(["somebody at the front desk", "who has just found the customer", "whose customer has not left",
            "while use is restricted"], "open_task", "Customer");
?= not may(["somebody at the front desk", "who has just found the customer", "whose customer has left"],
           ["open_task", "send_password_code"], "Customer");
?= not may(["somebody at the front desk", "whose customer has not left"], ["open_task", "send_password_code"],
           "Customer");
?= not may(["somebody at the front desk", "who has just found the customer", "which somebody else did",
            "whose customer has not left"], ["open_task", "send_password_code"], "Customer");
?= not may(["somebody at the front desk", "who has just found the customer", "which was long ago",
            "whose customer has not left"], ["open_task", "send_password_code"], "Customer");
?= not may(["an employee", "who has just found the customer", "whose customer has not left"],
           ["open_task", "send_password_code"], "Customer");
?= may(["somebody at the front desk", "who has just found the customer", "who opens a task for support"], "open",
       "Task");
?= may(["somebody at the front desk", "who has just found the customer", "who opens a task for verification"], "open",
       "Task");
?= may(["somebody at the front desk", "who has just found the customer", "who opens a task for billing"], "open",
       "Task");
?= not may(["somebody at the front desk", "who has just found the customer", "who opens a task for care"], "open",
           "Task");
?= not may(["somebody at the front desk", "who opens a task for support"], "open", "Task");
?= may(["a manager", "who opens a task for care"], "open", "Task");
?= may("an agent with a care task", "open", "Task");
?= not may(["an employee", "who opens a task for support"], "open", "Task");
?= may(["the customer", "who opens a task for care"], "open", "Task");
?= not may(["another customer", "who opens a task for care"], "open", "Task");
?= not may(["a manager", "who gives a task to somebody at the front desk"], "assign_to", "Task");

# Of whom it has just found it records what came on paper, whatever is restricted, and decides nothing of it.

?= may(["somebody at the front desk", "who has just found the customer", "whose customer has not left",
        "while use is restricted"], ["record_instruction", "record_request"], "Customer");
?= not may(["somebody at the front desk", "whose customer has not left"], ["record_instruction", "record_request"],
           "Customer");
?= not may(["somebody at the front desk", "who has just found the customer", "whose customer has left"],
           ["record_instruction", "record_request"], "Customer");
?= not may(["somebody at the front desk", "who has just found the customer", "which was long ago",
            "whose customer has not left"], ["record_instruction", "record_request"], "Customer");
?= not may(["an employee", "who has just found the customer", "whose customer has not left"],
           ["record_instruction", "record_request"], "Customer");
?= may(["somebody at the front desk", "who has just found the customer", "who recorded a letter that asks for a copy"],
       ["record", "prove"], "Instruction");
?= may(["somebody at the front desk", "who has just found the customer",
        "who recorded a letter that withdraws everything"], "record", "Instruction");
?= may(["somebody at the front desk", "who recorded a letter that asks for a copy"], "read", "Instruction.state");
?= not may(["somebody at the front desk", "who recorded a letter that asks for a copy"], ["record", "prove"],
           "Instruction");
?= not may(["somebody at the front desk", "who has just found the customer",
            "who recorded a letter that asks for a copy"], ["approve", "refuse", "extend", "deliver", "hand_over"],
           "Instruction");
?= not may(["somebody at the front desk", "who has just found the customer", "who recorded a revocation"], "record",
           "Instruction");
?= not may(["somebody at the front desk", "who has just found the customer",
            "with whom a letter waits that asks for a copy"],
           ["record", "prove", "approve", "refuse", "extend", "deliver", "hand_over"], "Instruction");
?= not may(["somebody at the front desk", "who has just found the customer",
            "with whom a letter waits that asks for a copy"], "read", "Instruction.state");
?= may(["somebody at the front desk", "who has just found the customer", "who recorded a letter about some telephone"],
       "record", "Request");
?= not may(["somebody at the front desk", "who recorded a letter about some telephone"], "record", "Request");
?= not may(["somebody at the front desk", "who has just found the customer",
            "who recorded a letter about some telephone"], ["grant", "refuse", "extend"], "Request");
?= may(["somebody at the front desk", "who recorded a letter about some telephone"], "read",
       ["Request.state", "Request.dueAt"]);
?= not may(["somebody at the front desk", "who recorded a letter about some telephone"], "read",
           ["Request.wanted", "Request.recordId", "Request.decidedBy"]);
?= not may(["somebody at the front desk", "who has just found the customer", "with a letter about a telephone"],
           "record", "Request");
?= not may(["somebody at the front desk", "who has just found the customer", "with a letter about a telephone"], "read",
           "Request.state");

# A code to set a password by goes where the customer surely is reached, and not to who has it sent.

?= may(["an agent with a support task", "whose customer has not left"], "send_password_code", "Customer");
?= not may(["an agent with a support task", "whose customer has left"], "send_password_code", "Customer");
?= not may(["a manager", "whose customer has not left"], "send_password_code", "Customer");
?= may(["a stranger", "and a telephone that somebody else confirmed"], "reach_for_password", "ContactPoint");
?= may(["a stranger", "and a telephone that the customer wrote down"], "reach_for_password", "ContactPoint");
?= may(["somebody at the front desk", "and a telephone that somebody else confirmed"], "reach_for_password",
       "ContactPoint");
?= not may(["somebody at the front desk", "and a telephone that somebody else confirmed",
            "that they confirmed themselves"], "reach_for_password", "ContactPoint");
?= not may(["somebody at the front desk", "and a telephone that somebody else confirmed",
            "that they wrote down themselves"], "reach_for_password", "ContactPoint");
?= not may(["a stranger", "and a telephone that somebody else confirmed", "that nobody confirmed"],
           "reach_for_password", "ContactPoint");
?= not may(["a stranger", "and a telephone that somebody else confirmed", "that was confirmed by who wrote it down"],
           "reach_for_password", "ContactPoint");
?= not may(["a stranger", "and a telephone that somebody else confirmed", "that was confirmed lately"],
           "reach_for_password", "ContactPoint");
?= not may(["a stranger", "and a telephone that somebody else confirmed", "that was written down lately"],
           "reach_for_password", "ContactPoint");
?= not may(["a stranger", "and a telephone that somebody else confirmed", "whose confirmation has run out"],
           "reach_for_password", "ContactPoint");
?= not may(["a stranger", "and a telephone that somebody else confirmed", "that is kept no more with consent"],
           "reach_for_password", "ContactPoint");
?= not may(["a stranger", "and a telephone that somebody else confirmed", "that takes letters only"],
           "reach_for_password", "ContactPoint");
?= not may(["a stranger", "and a telephone that somebody else confirmed", "whose customer has left"],
           "reach_for_password", "ContactPoint");
?= not may(["a stranger", "and a telephone that somebody else confirmed", "whose account was deactivated"],
           "reach_for_password", "ContactPoint");
?= not may(["another customer", "and a telephone that somebody else confirmed"], "reach_for_password", "ContactPoint");

?= may(["a stranger", "with a code for the customer"], "use", "PasswordCode");
?= may(["a stranger", "with a code for an employee"], "use", "PasswordCode");
?= not may(["a stranger", "with a code for a partner"], "use", "PasswordCode");
?= not may(["a stranger", "with a code for the customer", "that was used"], "use", "PasswordCode");
?= not may(["a stranger", "with a code for the customer", "that has run out"], "use", "PasswordCode");
?= not may(["a stranger", "with a code for the customer", "whose customer has left"], "use", "PasswordCode");
?= not may(["a stranger", "with a code for the customer", "whose account was deactivated"], "use", "PasswordCode");
?= not may(["a stranger", "with a code for an employee", "who was deactivated since"], "use", "PasswordCode");
?= not may(["an employee", "with a code for the customer"], "use", "PasswordCode");

# The scan of a letter is handed in by who recorded it, and read by who decides, the privacy officer and the customer.

?= may(["an agent with a support task", "who recorded a letter that asks for a copy", "that waits"], "begin_scan",
       "Instruction");
?= not may(["an agent with a support task", "who recorded a letter that asks for a copy", "that is decided"],
           "begin_scan", "Instruction");
?= not may(["the privacy officer", "with whom a letter waits that asks for a copy"], "begin_scan", "Instruction");
?= may(["an agent with a support task", "who recorded a letter about a telephone", "that waits for an answer"],
       "begin_scan", "Request");
?= not may(["an agent with a support task", "who recorded a letter about a telephone", "that is answered"],
           "begin_scan", "Request");
?= not may(["an agent with a support task", "with a letter about a telephone"], "begin_scan", "Request");
?= may(["an employee", "and a scan of which parts are to come"], "append", "Scan");
?= may(["an employee", "and a scan of which parts are to come"], "read", ["Scan.state", "Scan.received"]);
?= not may(["an employee", "and a scan of which parts are to come", "that is whole"], ["append", "open", "remove"],
           "Scan");
?= not may(["an employee", "and the scan of a letter that asks for a copy"], ["append", "open", "remove"], "Scan");
?= not may(["an employee", "and the scan of a letter that asks for a copy"], "read", "Scan.state");
?= may(["a manager", "and the scan of a letter that asks for a copy"], "open", "Scan");
?= may(["a manager", "and the scan of a letter that asks for a copy"], "read", ["Scan.kind", "Scan.addedBy"]);
?= not may(["a manager", "and the scan of a letter that asks for a copy", "that they recorded"], "open", "Scan");
?= not may(["a manager", "and the scan of a letter that asks for a copy"], "remove", "Scan");
?= may(["the privacy officer", "and the scan of a letter that asks for a copy"], ["open", "remove"], "Scan");
?= may(["the privacy officer", "and the scan of a letter that asks for a copy"], "read", "Scan.size");
?= may(["an agent with a support task", "and the scan of a letter about a telephone"], "open", "Scan");
?= may(["an agent with a support task", "and the scan of a letter about a telephone"], "read", "Scan.kind");
?= not may(["an agent with a delivery task", "and the scan of a letter about a telephone", "without any consent"],
           "open", "Scan");
?= may(["the customer", "and the scan of a letter that asks for a copy"], "open", "Scan");
?= may(["the customer", "and the scan of a letter that asks for a copy"], "read", ["Scan.kind", "Customer.scans"]);
?= not may(["the customer", "and the scan of a letter that asks for a copy"], "read", "Scan.addedBy");
?= not may(["the customer", "and the scan of a letter that asks for a copy"], ["append", "remove"], "Scan");
?= not may(["another customer", "and the scan of a letter that asks for a copy"], "open", "Scan");
?= not may(["another customer", "and the scan of a letter that asks for a copy"], "read", "Scan.state");
