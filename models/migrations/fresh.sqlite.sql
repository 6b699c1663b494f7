CREATE TABLE "accesses" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "entry" BIGINT NOT NULL,
    "customer_id" CHAR(36) NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "roles" VARCHAR(200) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "purposes" VARCHAR(200) NOT NULL,
    "task_ids" TEXT NOT NULL,
    "break_glass_ids" TEXT,
    "fields_read" TEXT NOT NULL,
    "found_by" VARCHAR(40)   /* What somebody was looked up by who does not know their customer number. */,
    "explained" VARCHAR(100)
) /* One reading of one customer's data, for the customer to see; the lists are words separated by blanks. */;
CREATE INDEX "idx_accesses_entry_7a83c1" ON "accesses" ("entry");
CREATE INDEX "idx_accesses_custome_c25154" ON "accesses" ("customer_id", "at");
CREATE TABLE "checkpoints" (
    "size" BIGINT NOT NULL  PRIMARY KEY,
    "root" BLOB NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "note" TEXT NOT NULL,
    "delivered" TEXT NOT NULL
) /* What the ledger was at one moment, signed; `delivered` names the witnesses that have it, by their hash. */;
CREATE TABLE "clock_readings" (
    "id" BIGINT NOT NULL  PRIMARY KEY,
    "latest_at" TIMESTAMP NOT NULL,
    "proven_at" TIMESTAMP NOT NULL,
    "confirmed_at" TIMESTAMP,
    "count" BIGINT NOT NULL
) /* What is known of the time; one row, of id 1. */;
CREATE TABLE "contact_codes" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "customer_id" CHAR(36) NOT NULL,
    "contact_point_id" CHAR(36) NOT NULL,
    "point_revision" INT NOT NULL,
    "digest" BLOB NOT NULL,
    "tries" INT NOT NULL,
    "sent_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "used_at" TIMESTAMP
) /* One code: the latest of a contact point is the only one that is good, and that only once. */;
CREATE INDEX "idx_contact_cod_custome_5426e8" ON "contact_codes" ("customer_id");
CREATE INDEX "idx_contact_cod_contact_209edb" ON "contact_codes" ("contact_point_id");
CREATE TABLE "customers" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "number" VARCHAR(20) NOT NULL UNIQUE,
    "status" VARCHAR(40) NOT NULL  /* Whether a customer is active. */,
    "restricted" INT NOT NULL  /* processing is restricted: storage only */,
    "created_at" TIMESTAMP NOT NULL
) /* A person, as a number: personal values live in the category tables. */;
CREATE TABLE "accounts" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "kind" VARCHAR(40) NOT NULL  /* The kinds of actor; each kind has policy rules of its own. */,
    "login" VARCHAR(200) NOT NULL UNIQUE,
    "password_hash" VARCHAR(200),
    "active" INT NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "customer_id" CHAR(36)  UNIQUE REFERENCES "customers" ("id") ON DELETE CASCADE
) /* One who can sign in and, unless a customer, carry tasks. */;
CREATE TABLE "access_changes" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "kind" VARCHAR(40) NOT NULL  /* What was changed of who may do what. */,
    "role" VARCHAR(20),
    "at" TIMESTAMP NOT NULL,
    "notified_at" TIMESTAMP,
    "account_id" CHAR(36) NOT NULL REFERENCES "accounts" ("id") ON DELETE CASCADE,
    "by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE SET NULL
) /* One change of who may do what. */;
CREATE INDEX "idx_access_chan_account_8e8480" ON "access_changes" ("account_id");
CREATE INDEX "idx_access_chan_by_id_8a11f5" ON "access_changes" ("by_id");
CREATE INDEX "idx_access_chan_notifie_31ab87" ON "access_changes" ("notified_at", "at");
CREATE TABLE "attestations" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "category" VARCHAR(40) NOT NULL  /* the category of the row */,
    "row_id" CHAR(36) NOT NULL,
    "revision" INT NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE SET NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
) /* One row of a customer's data, confirmed to be right as it stood in one revision. */;
CREATE INDEX "idx_attestation_by_id_90934d" ON "attestations" ("by_id");
CREATE INDEX "idx_attestation_custome_a7d240" ON "attestations" ("customer_id");
CREATE TABLE "break_glasses" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "purpose" VARCHAR(20) NOT NULL,
    "special" INT NOT NULL,
    "content" BLOB NOT NULL,
    "reason_digest" BLOB NOT NULL,
    "state" VARCHAR(40) NOT NULL  /* The state of a break-glass request. */,
    "requested_at" TIMESTAMP NOT NULL,
    "ends_at" TIMESTAMP NOT NULL,
    "opened_at" TIMESTAMP,
    "verdict" VARCHAR(40)   /* The verdict of the review of a break-glass request. */,
    "reviewed_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "decided_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "requested_by_id" CHAR(36) NOT NULL REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "reviewed_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE RESTRICT
) /* One request to read named categories of one customer without a task, for one purpose. */;
CREATE INDEX "idx_break_glass_custome_a99a7f" ON "break_glasses" ("customer_id");
CREATE INDEX "idx_break_glass_decided_33f61a" ON "break_glasses" ("decided_by_id");
CREATE INDEX "idx_break_glass_request_dc9dc3" ON "break_glasses" ("requested_by_id");
CREATE INDEX "idx_break_glass_reviewe_1ef032" ON "break_glasses" ("reviewed_by_id");
CREATE INDEX "idx_break_glass_custome_d64b6e" ON "break_glasses" ("customer_id", "requested_by_id", "state");
CREATE TABLE "break_glass_categories" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "category" VARCHAR(40) NOT NULL  /* A kind of personal data, consented to as one: one declaration, one table, one GraphQL type. */,
    "break_glass_id" CHAR(36) NOT NULL REFERENCES "break_glasses" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_break_glass_break_g_d53d26" UNIQUE ("break_glass_id", "category")
) /* One category that a request names. */;
CREATE INDEX "idx_break_glass_break_g_0862bf" ON "break_glass_categories" ("break_glass_id");
CREATE TABLE "client_keys" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "digest" VARCHAR(64) NOT NULL UNIQUE,
    "arguments" VARCHAR(64) NOT NULL,
    "made" TEXT NOT NULL,
    "used_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "actor_id" CHAR(36) NOT NULL REFERENCES "accounts" ("id") ON DELETE CASCADE
) /* One key of one account, with what was made under it; written in the same transaction. */;
CREATE INDEX "idx_client_keys_expires_bd9f89" ON "client_keys" ("expires_at");
CREATE INDEX "idx_client_keys_actor_i_6ac7ee" ON "client_keys" ("actor_id");
CREATE TABLE "clock_doubts" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "kind" VARCHAR(40) NOT NULL  /* In which way the clock is doubted. */,
    "ending" VARCHAR(40) NOT NULL,
    "latest_at" TIMESTAMP NOT NULL,
    "clock_at" TIMESTAMP NOT NULL,
    "due" INT NOT NULL,
    "standing" INT NOT NULL,
    "ended_at" TIMESTAMP,
    "ended_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE SET NULL
) /* A doubt of the clock. While it stands, nothing is ended by time; only somebody who has looked ends it. */;
CREATE INDEX "idx_clock_doubt_ended_b_76c927" ON "clock_doubts" ("ended_by_id");
CREATE TABLE "departed_keys" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "digest" BLOB NOT NULL
) /* A key under which another system knows somebody who left here, as a keyed hash of 32 bytes. */;
CREATE INDEX "idx_departed_ke_digest_d45512" ON "departed_keys" ("digest");
CREATE TABLE "desk_lookups" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "actor_id" CHAR(36) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "way" VARCHAR(40) NOT NULL  /* What somebody was looked up by who does not know their customer number. */,
    "found" INT NOT NULL,
    "counted" INT NOT NULL,
    "alarm" INT NOT NULL,
    "notified_at" TIMESTAMP   /* to the privacy officers, by mail */
) /* One look-up at the desk, with nothing of what was looked for. */;
CREATE INDEX "idx_desk_lookup_actor_i_cad32b" ON "desk_lookups" ("actor_id", "at");
CREATE INDEX "idx_desk_lookup_at_9baebc" ON "desk_lookups" ("at");
CREATE TABLE "dictations" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "category" VARCHAR(40) NOT NULL  /* the category of the row */,
    "record_id" CHAR(36) NOT NULL,
    "record_revision" INT NOT NULL,
    "change" VARCHAR(40) NOT NULL  /* What a dictation did to a row. */,
    "content" BLOB NOT NULL,
    "state" VARCHAR(40) NOT NULL  /* The state of a dictation. */,
    "recorded_roles" VARCHAR(200) NOT NULL,
    "recorded_at" TIMESTAMP NOT NULL,
    "kept_until" TIMESTAMP,
    "decided_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "recorded_by_id" CHAR(36) NOT NULL REFERENCES "accounts" ("id") ON DELETE RESTRICT
) /* One row of a customer's data, written by somebody else on the customer's word. */;
CREATE INDEX "idx_dictations_custome_74accc" ON "dictations" ("customer_id");
CREATE INDEX "idx_dictations_recorde_e0cbee" ON "dictations" ("recorded_by_id");
CREATE INDEX "idx_dictations_record__fb8585" ON "dictations" ("record_id");
CREATE INDEX "idx_dictations_kept_un_62d1cb" ON "dictations" ("kept_until");
CREATE INDEX "idx_dictations_recorde_f611f0" ON "dictations" ("recorded_by_id", "recorded_at");
CREATE TABLE "differences" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "field" VARCHAR(90) NOT NULL,
    "granted" INT NOT NULL,
    "policy" VARCHAR(16) NOT NULL,
    "row_id" CHAR(36) NOT NULL,
    "actor_id" CHAR(36),
    "found_at" TIMESTAMP NOT NULL,
    "notified_at" TIMESTAMP   /* to the privacy officers, by mail */,
    "settled_at" TIMESTAMP,
    "settlement" VARCHAR(40)   /* What came of looking at a difference. */,
    "settled_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE SET NULL
) /* A field that the server decided in one way, and plain Oso in the other, of the same record at the same instant. */;
CREATE INDEX "idx_differences_settled_b7a46d" ON "differences" ("settled_by_id");
CREATE TABLE "disclosures" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "hold_id" CHAR(36) NOT NULL,
    "customer_id" CHAR(36) NOT NULL,
    "category" VARCHAR(40) NOT NULL  /* A kind of personal data, consented to as one: one declaration, one table, one GraphQL type. */,
    "recipient" VARCHAR(40) NOT NULL  /* Who may ask for what is held back. */,
    "roles" VARCHAR(200) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "secrecy" VARCHAR(40)   /* Why the law forbids to tell the customer yet, as listed in Article 23(1) of the GDPR. */,
    "notify_at" TIMESTAMP NOT NULL,
    "notified_at" TIMESTAMP
) /* One disclosure of a category that a legal hold keeps back. */;
CREATE INDEX "idx_disclosures_custome_06aa99" ON "disclosures" ("customer_id");
CREATE INDEX "idx_disclosures_notify__6175eb" ON "disclosures" ("notify_at");
CREATE TABLE "employees" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "name" VARCHAR(200) NOT NULL,
    "manager_id" CHAR(36) REFERENCES "employees" ("id") ON DELETE SET NULL,
    "actor_id" CHAR(36) NOT NULL UNIQUE REFERENCES "accounts" ("id") ON DELETE RESTRICT
) /* A member of staff; signs in as, and carries tasks as, its actor. */;
CREATE INDEX "idx_employees_manager_8ef972" ON "employees" ("manager_id");
CREATE TABLE "employee_roles" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "role" VARCHAR(20) NOT NULL,
    "employee_id" CHAR(36) NOT NULL REFERENCES "employees" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_employee_ro_employe_07d0ef" UNIQUE ("employee_id", "role")
) /* One role of one employee. */;
CREATE INDEX "idx_employee_ro_employe_5864e2" ON "employee_roles" ("employee_id");
CREATE TABLE "erasures" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "customer_id" CHAR(36) NOT NULL,
    "category" VARCHAR(40) NOT NULL  /* A kind of personal data, consented to as one: one declaration, one table, one GraphQL type. */,
    "successor" BLOB NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "rows" INT NOT NULL,
    "completed_at" TIMESTAMP
) /* One erasure of a category of a customer's data. */;
CREATE INDEX "idx_erasures_custome_ed16c6" ON "erasures" ("customer_id");
CREATE TABLE "exports" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "state" VARCHAR(40) NOT NULL  /* The state of an archive. */,
    "token_hash" BLOB,
    "percent" SMALLINT NOT NULL,
    "size" BIGINT NOT NULL,
    "begun_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "downloaded_at" TIMESTAMP,
    "begun_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE CASCADE,
    "customer_id" CHAR(36) NOT NULL UNIQUE REFERENCES "customers" ("id") ON DELETE RESTRICT
) /* The one archive of a customer that is being made, or waits to be fetched. */;
CREATE INDEX "idx_exports_expires_ce0ea6" ON "exports" ("expires_at");
CREATE INDEX "idx_exports_begun_b_bc233f" ON "exports" ("begun_by_id");
CREATE TABLE "export_chunks" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "number" INT NOT NULL,
    "content" BLOB NOT NULL,
    "export_id" CHAR(36) NOT NULL REFERENCES "exports" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_export_chun_export__bbb7bc" UNIQUE ("export_id", "number")
) /* A part of an archive, sealed; numbered from 0. */;
CREATE INDEX "idx_export_chun_export__dfc624" ON "export_chunks" ("export_id");
CREATE TABLE "findings" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "actor_id" CHAR(36) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE CASCADE
) /* That somebody at the desk found a customer: for a while they may begin what customers come to the desk for. */;
CREATE INDEX "idx_findings_custome_0e2a78" ON "findings" ("customer_id");
CREATE INDEX "idx_findings_actor_i_ec9826" ON "findings" ("actor_id", "at");
CREATE TABLE "former_addresses" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "customer_id" CHAR(36) NOT NULL,
    "digest" BLOB NOT NULL,
    "imports_only" INT NOT NULL DEFAULT 0
) /* An address or personal code that was erased, removed or changed here, as a keyed hash of 32 bytes. */;
CREATE INDEX "idx_former_addr_custome_85d0d7" ON "former_addresses" ("customer_id");
CREATE INDEX "idx_former_addr_digest_54b038" ON "former_addresses" ("digest");
CREATE TABLE "imported_rows" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "source" VARCHAR(100) NOT NULL,
    "entity" VARCHAR(40) NOT NULL,
    "key" VARCHAR(200) NOT NULL,
    "digest" BLOB NOT NULL,
    "record_id" CHAR(36) NOT NULL,
    "imported_at" TIMESTAMP NOT NULL,
    CONSTRAINT "uid_imported_ro_source_f2d55f" UNIQUE ("source", "entity", "key")
) /* One row of an outside source: keyed hashes of its key there and of what was read, our record. */;
CREATE INDEX "idx_imported_ro_record__8274e7" ON "imported_rows" ("record_id");
CREATE TABLE "instructions" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "kind" VARCHAR(40) NOT NULL  /* What an instruction is about: consents that end, or a right that the customer exercises on paper. */,
    "consent_id" CHAR(36),
    "consent_category" VARCHAR(40)   /* of which category */,
    "consent_purpose" VARCHAR(20),
    "special" INT NOT NULL,
    "content" BLOB NOT NULL,
    "state" VARCHAR(40) NOT NULL  /* The state of an instruction. */,
    "recorded_at" TIMESTAMP NOT NULL,
    "due_at" TIMESTAMP NOT NULL,
    "overdue" INT NOT NULL,
    "decided_at" TIMESTAMP,
    "medium" VARCHAR(40)   /* How somebody told what the customer wants. */,
    "received_at" TIMESTAMP,
    "proof" VARCHAR(40)   /* How surely it is known that it was the customer who asked. */,
    "suppress" INT NOT NULL DEFAULT 0,
    "extended_at" TIMESTAMP,
    "link_point_id" CHAR(36),
    "code_point_id" CHAR(36),
    "link_digest" BLOB,
    "code_digest" BLOB,
    "tries" INT NOT NULL DEFAULT 0,
    "sent_at" TIMESTAMP,
    "link_ends_at" TIMESTAMP,
    "fetched_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "decided_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "proved_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "recorded_by_id" CHAR(36) NOT NULL REFERENCES "accounts" ("id") ON DELETE RESTRICT
) /* One instruction about one customer: one consent, all to a category, all for a purpose, or a right on paper. */;
CREATE INDEX "idx_instruction_custome_68ddf0" ON "instructions" ("customer_id");
CREATE INDEX "idx_instruction_decided_961c37" ON "instructions" ("decided_by_id");
CREATE INDEX "idx_instruction_proved__874ca0" ON "instructions" ("proved_by_id");
CREATE INDEX "idx_instruction_recorde_340acd" ON "instructions" ("recorded_by_id");
CREATE INDEX "idx_instruction_state_43c3b9" ON "instructions" ("state", "due_at");
CREATE TABLE "intakes" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "key_digest" BLOB NOT NULL,
    "content" BLOB,
    "code_digest" BLOB,
    "tries" INT NOT NULL,
    "became" CHAR(36),
    "begun_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL
) /* One intake: of a visitor, under a ring of its own until the code comes back; of staff, done at once. */;
CREATE INDEX "idx_intakes_expires_98efad" ON "intakes" ("expires_at");
CREATE TABLE "ledger_entries" (
    "number" BIGINT NOT NULL  PRIMARY KEY,
    "entry" BLOB NOT NULL,
    "leaf" BLOB NOT NULL
) /* One entry, numbered from 0 without a gap; append-only. */;
CREATE TABLE "ledger_head" (
    "id" BIGINT NOT NULL  PRIMARY KEY,
    "size" BIGINT NOT NULL,
    "frontier" BLOB NOT NULL
) /* How many entries there are, and the hashes that their tree's root is made of; one row, of id 1. */;
CREATE TABLE "legal_holds" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL DEFAULT 1,
    "category" VARCHAR(40) NOT NULL  /* A kind of personal data, consented to as one: one declaration, one table, one GraphQL type. */,
    "reason" VARCHAR(40) NOT NULL  /* The reason for a legal hold, as listed in Article 17(3) of the GDPR. */,
    "content" BLOB,
    "placed_at" TIMESTAMP NOT NULL,
    "until" TIMESTAMP NOT NULL,
    "ended_at" TIMESTAMP,
    "erased_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "placed_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE SET NULL
) /* A category of one customer's data that must be kept until a day, for a listed reason. */;
CREATE INDEX "idx_legal_holds_custome_382fba" ON "legal_holds" ("customer_id");
CREATE INDEX "idx_legal_holds_placed__b45430" ON "legal_holds" ("placed_by_id");
CREATE TABLE "held_rows" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "held_table" VARCHAR(40) NOT NULL,
    "row_id" CHAR(36) NOT NULL,
    "revision" INT NOT NULL,
    "content" BLOB NOT NULL,
    "plain" TEXT NOT NULL,
    "hold_id" CHAR(36) NOT NULL REFERENCES "legal_holds" ("id") ON DELETE RESTRICT
) /* A row that was taken out of its category instead of being erased, as it lay there: sealed. */;
CREATE INDEX "idx_held_rows_hold_id_0e2897" ON "held_rows" ("hold_id");
CREATE TABLE "messages" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "customer_id" CHAR(36) NOT NULL,
    "contact_point_id" CHAR(36),
    "template" VARCHAR(40) NOT NULL  /* what it says */,
    "channel" VARCHAR(40) NOT NULL  /* The channel of a message. */,
    "purpose" VARCHAR(20),
    "state" VARCHAR(40) NOT NULL  /* The state of a message. */,
    "content" BLOB,
    "attempts" INT NOT NULL,
    "queued_at" TIMESTAMP NOT NULL,
    "next_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP,
    "finished_at" TIMESTAMP,
    "code" VARCHAR(60)
) /* One message to one customer; its content is gone once it has been sent, or will not be. */;
CREATE INDEX "idx_messages_custome_3631d3" ON "messages" ("customer_id");
CREATE INDEX "idx_messages_state_3914f0" ON "messages" ("state", "next_at");
CREATE TABLE "missed_lookups" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "actor_id" CHAR(36) NOT NULL,
    "caller_id" CHAR(36),
    "kind" VARCHAR(20) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "purposes" VARCHAR(200) NOT NULL,
    "lookups" TEXT NOT NULL,
    "asked" INT NOT NULL,
    "found" INT NOT NULL,
    "counted" INT NOT NULL,
    "refused_until" TIMESTAMP,
    "alarm" INT NOT NULL,
    "notified_at" TIMESTAMP   /* to the privacy officers, by mail */
) /* One answer in which records that were looked up were not found, because they are not there or may not be seen. */;
CREATE INDEX "idx_missed_look_actor_i_e354cd" ON "missed_lookups" ("actor_id", "at");
CREATE INDEX "idx_missed_look_actor_i_efa7f4" ON "missed_lookups" ("actor_id", "refused_until");
CREATE INDEX "idx_missed_look_at_06e7ef" ON "missed_lookups" ("at");
CREATE TABLE "notices" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "purpose" VARCHAR(20) NOT NULL,
    "language" VARCHAR(10) NOT NULL,
    "version" VARCHAR(20) NOT NULL,
    "text" TEXT NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    CONSTRAINT "uid_notices_purpose_956b33" UNIQUE ("purpose", "language", "version")
) /* A privacy notice: one text for one purpose in one language and version, never edited. */;
CREATE TABLE "consents" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL DEFAULT 1,
    "category" VARCHAR(40) NOT NULL  /* A kind of personal data, consented to as one: one declaration, one table, one GraphQL type. */,
    "purpose" VARCHAR(20) NOT NULL,
    "state" VARCHAR(40) NOT NULL  /* The state of a consent, as the Data Privacy Vocabulary names it. */,
    "permits" INT NOT NULL,
    "denies" INT NOT NULL DEFAULT 0,
    "collection_method" VARCHAR(40)   /* how the customer's word reached us */,
    "content" BLOB,
    "code" VARCHAR(60),
    "expires_at" TIMESTAMP NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "officers_told" INT,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "notice_id" CHAR(36) NOT NULL REFERENCES "notices" ("id") ON DELETE RESTRICT,
    "recorded_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE SET NULL,
    "suspended_by_id" CHAR(36) REFERENCES "instructions" ("id") ON DELETE SET NULL
) /* One consent: a customer, a category, a purpose, and the notice that was shown. */;
CREATE INDEX "idx_consents_officer_88bc43" ON "consents" ("officers_told");
CREATE INDEX "idx_consents_custome_81f14c" ON "consents" ("customer_id");
CREATE INDEX "idx_consents_notice__e81450" ON "consents" ("notice_id");
CREATE INDEX "idx_consents_recorde_403184" ON "consents" ("recorded_by_id");
CREATE INDEX "idx_consents_suspend_67206b" ON "consents" ("suspended_by_id");
CREATE INDEX "idx_consents_custome_054ae0" ON "consents" ("customer_id", "category", "permits");
CREATE TABLE "consent_events" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "state" VARCHAR(40) NOT NULL  /* The state of a consent, as the Data Privacy Vocabulary names it. */,
    "at" TIMESTAMP NOT NULL,
    "by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE SET NULL,
    "consent_id" CHAR(36) NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT
) /* One change of a consent's state; append-only. */;
CREATE INDEX "idx_consent_eve_by_id_999f47" ON "consent_events" ("by_id");
CREATE INDEX "idx_consent_eve_consent_9a49d4" ON "consent_events" ("consent_id");
CREATE TABLE "contact_points" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" CHAR(36),
    "collected_at" TIMESTAMP NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMP,
    "verified_by" CHAR(36),
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMP,
    "kind" VARCHAR(40) NOT NULL  /* The kind of contact point. */,
    "content" BLOB NOT NULL,
    "value_index" BLOB,
    "consent_id" CHAR(36) NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
) /* An e-mail address, telephone number or fax number of a customer. */;
CREATE INDEX "idx_contact_poi_value_i_da689c" ON "contact_points" ("value_index");
CREATE INDEX "idx_contact_poi_consent_e55d89" ON "contact_points" ("consent_id");
CREATE INDEX "idx_contact_poi_custome_c208f0" ON "contact_points" ("customer_id");
CREATE TABLE "health_records" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" CHAR(36),
    "collected_at" TIMESTAMP NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMP,
    "verified_by" CHAR(36),
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMP,
    "content" BLOB NOT NULL,
    "consent_id" CHAR(36) NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
) /* A condition or an allergy of a customer: a special category of data (GDPR, Art. 9). */;
CREATE INDEX "idx_health_reco_consent_75d377" ON "health_records" ("consent_id");
CREATE INDEX "idx_health_reco_custome_8a7fb1" ON "health_records" ("customer_id");
CREATE TABLE "identities" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" CHAR(36),
    "collected_at" TIMESTAMP NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMP,
    "verified_by" CHAR(36),
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMP,
    "content" BLOB NOT NULL,
    "given_name_index" BLOB,
    "family_name_index" BLOB,
    "company_name_index" BLOB,
    "consent_id" CHAR(36) NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_identities_custome_d8673c" UNIQUE ("customer_id")
) /* A customer's name, and the company that the customer acts for. */;
CREATE INDEX "idx_identities_given_n_b49054" ON "identities" ("given_name_index");
CREATE INDEX "idx_identities_family__35963e" ON "identities" ("family_name_index");
CREATE INDEX "idx_identities_company_26ec95" ON "identities" ("company_name_index");
CREATE INDEX "idx_identities_consent_fd4eca" ON "identities" ("consent_id");
CREATE INDEX "idx_identities_custome_d8673c" ON "identities" ("customer_id");
CREATE TABLE "identity_evidence" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" CHAR(36),
    "collected_at" TIMESTAMP NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMP,
    "verified_by" CHAR(36),
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMP,
    "kind" VARCHAR(40) NOT NULL  /* The kind of document. */,
    "strength" VARCHAR(40) NOT NULL  /* The strength of the evidence. */,
    "supervised" INT NOT NULL  /* Whether it was shown in person or under supervision. */,
    "expires_on" DATE NOT NULL  /* The last day on which the document is valid. */,
    "content" BLOB NOT NULL,
    "consent_id" CHAR(36) NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
) /* An identity document that a customer showed; neither a picture of it nor its whole number is kept. */;
CREATE INDEX "idx_identity_ev_consent_3f7596" ON "identity_evidence" ("consent_id");
CREATE INDEX "idx_identity_ev_custome_58b89c" ON "identity_evidence" ("customer_id");
CREATE TABLE "interactions" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" CHAR(36),
    "collected_at" TIMESTAMP NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMP,
    "verified_by" CHAR(36),
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMP,
    "channel" VARCHAR(40) NOT NULL  /* The channel. */,
    "occurred_at" TIMESTAMP NOT NULL  /* When it took place. */,
    "content" BLOB NOT NULL,
    "consent_id" CHAR(36) NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
) /* One note, call, e-mail or meeting about a customer. */;
CREATE INDEX "idx_interaction_consent_2f64b3" ON "interactions" ("consent_id");
CREATE INDEX "idx_interaction_custome_573702" ON "interactions" ("customer_id");
CREATE TABLE "orders" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" CHAR(36),
    "collected_at" TIMESTAMP NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMP,
    "verified_by" CHAR(36),
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMP,
    "placed_at" TIMESTAMP NOT NULL  /* When it was placed. */,
    "content" BLOB NOT NULL,
    "consent_id" CHAR(36) NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
) /* One order of a customer. */;
CREATE INDEX "idx_orders_consent_0c3f04" ON "orders" ("consent_id");
CREATE INDEX "idx_orders_custome_384e97" ON "orders" ("customer_id");
CREATE TABLE "outside_keys" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "content" BLOB NOT NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
) /* Under which key an outside source knows a customer, sealed as the customer's own; goes with the customer. */;
CREATE INDEX "idx_outside_key_custome_42c883" ON "outside_keys" ("customer_id");
CREATE TABLE "partners" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "name" VARCHAR(200) NOT NULL UNIQUE,
    "active" INT NOT NULL,
    "networks" VARCHAR(1000) NOT NULL  /* From where its clients come, in CIDR notation, separated by blanks; empty where it has told no networks. */ DEFAULT '',
    "created_at" TIMESTAMP NOT NULL
) /* A subcontractor. */;
CREATE TABLE "agreements" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "signed" INT NOT NULL,
    "signed_at" TIMESTAMP,
    "from_at" TIMESTAMP NOT NULL,
    "until_at" TIMESTAMP NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "partner_id" CHAR(36) NOT NULL REFERENCES "partners" ("id") ON DELETE RESTRICT
) /* An agreement with a partner: in force once signed, from `from_at` until `until_at`. */;
CREATE INDEX "idx_agreements_partner_53f8ea" ON "agreements" ("partner_id");
CREATE TABLE "agreement_terms" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "purpose" VARCHAR(20) NOT NULL,
    "category" VARCHAR(40) NOT NULL  /* A kind of personal data, consented to as one: one declaration, one table, one GraphQL type. */,
    "field" VARCHAR(60) NOT NULL  /* the GraphQL name of the field */,
    "agreement_id" CHAR(36) NOT NULL REFERENCES "agreements" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_agreement_t_agreeme_8dbb2e" UNIQUE ("agreement_id", "purpose", "category", "field")
) /* One permission of an agreement: a purpose, a category and one field of it. */;
CREATE INDEX "idx_agreement_t_agreeme_d77a58" ON "agreement_terms" ("agreement_id");
CREATE TABLE "obligations" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "kind" VARCHAR(40) NOT NULL  /* what is to be done */ DEFAULT 'ERASE',
    "customer_id" CHAR(36) NOT NULL,
    "category" VARCHAR(40)   /* the category of the row */,
    "record_id" CHAR(36),
    "request_id" CHAR(36),
    "created_at" TIMESTAMP NOT NULL,
    "due_at" TIMESTAMP NOT NULL,
    "acknowledged_at" TIMESTAMP,
    "acknowledged_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE SET NULL,
    "partner_id" CHAR(36) NOT NULL REFERENCES "partners" ("id") ON DELETE RESTRICT
) /* A partner is to erase what it has of a customer, or to put a row of it right, until a day, and to say that it has. */;
CREATE INDEX "idx_obligations_custome_e974ae" ON "obligations" ("customer_id");
CREATE INDEX "idx_obligations_request_6f752c" ON "obligations" ("request_id");
CREATE INDEX "idx_obligations_acknowl_fb0bc1" ON "obligations" ("acknowledged_by_id");
CREATE INDEX "idx_obligations_partner_df8e5e" ON "obligations" ("partner_id");
CREATE TABLE "partner_clients" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "name" VARCHAR(200) NOT NULL,
    "partner_id" CHAR(36) NOT NULL REFERENCES "partners" ("id") ON DELETE RESTRICT,
    "actor_id" CHAR(36) NOT NULL UNIQUE REFERENCES "accounts" ("id") ON DELETE RESTRICT
) /* A partner's program; signs in as, and carries tasks as, its actor. */;
CREATE INDEX "idx_partner_cli_partner_0414ee" ON "partner_clients" ("partner_id");
CREATE TABLE "password_codes" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "contact_point_id" CHAR(36),
    "point_revision" INT,
    "digest" BLOB NOT NULL,
    "begun_by_id" CHAR(36),
    "sent_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "used_at" TIMESTAMP,
    "account_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE CASCADE,
    "customer_id" CHAR(36) REFERENCES "customers" ("id") ON DELETE CASCADE
) /* One code: good once, until it expires, or another one for the same person was used. */;
CREATE INDEX "idx_password_co_account_387d8b" ON "password_codes" ("account_id");
CREATE INDEX "idx_password_co_custome_e121bd" ON "password_codes" ("customer_id");
CREATE TABLE "payment_cards" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" CHAR(36),
    "collected_at" TIMESTAMP NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMP,
    "verified_by" CHAR(36),
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMP,
    "content" BLOB NOT NULL,
    "token_index" BLOB,
    "consent_id" CHAR(36) NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
) /* A payment card of a customer. Its number is not kept, and its token is never shown. */;
CREATE INDEX "idx_payment_car_token_i_33fab6" ON "payment_cards" ("token_index");
CREATE INDEX "idx_payment_car_consent_46af5f" ON "payment_cards" ("consent_id");
CREATE INDEX "idx_payment_car_custome_0b5aad" ON "payment_cards" ("customer_id");
CREATE TABLE "personal_codes" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" CHAR(36),
    "collected_at" TIMESTAMP NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMP,
    "verified_by" CHAR(36),
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMP,
    "country_digest" BLOB NOT NULL,
    "content" BLOB NOT NULL,
    "code_index" BLOB,
    "consent_id" CHAR(36) NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
) /* A national identification number; stricter rules apply to it, so it is a category of its own. */;
CREATE INDEX "idx_personal_co_code_in_f9d044" ON "personal_codes" ("code_index");
CREATE INDEX "idx_personal_co_consent_ba97bd" ON "personal_codes" ("consent_id");
CREATE INDEX "idx_personal_co_custome_e6d5df" ON "personal_codes" ("customer_id");
CREATE TABLE "postal_addresses" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" CHAR(36),
    "collected_at" TIMESTAMP NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMP,
    "verified_by" CHAR(36),
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMP,
    "kind" VARCHAR(40) NOT NULL  /* What the address is used for. */,
    "content" BLOB NOT NULL,
    "consent_id" CHAR(36) NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
) /* A postal address of a customer. */;
CREATE INDEX "idx_postal_addr_consent_d0ad59" ON "postal_addresses" ("consent_id");
CREATE INDEX "idx_postal_addr_custome_e5df76" ON "postal_addresses" ("customer_id");
CREATE TABLE "preferences" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "collected_by" CHAR(36),
    "collected_at" TIMESTAMP NOT NULL,
    "verification_method" VARCHAR(40),
    "verification_level" VARCHAR(20),
    "verified_at" TIMESTAMP,
    "verified_by" CHAR(36),
    "verification_evidence" VARCHAR(100),
    "verification_expires_at" TIMESTAMP,
    "channel" VARCHAR(40) NOT NULL  /* The channel. */,
    "content" BLOB NOT NULL,
    "consent_id" CHAR(36) NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
) /* A preference of a customer: messages on one topic by one channel. A customer without preferences wants none. */;
CREATE INDEX "idx_preferences_consent_d96751" ON "preferences" ("consent_id");
CREATE INDEX "idx_preferences_custome_9ca687" ON "preferences" ("customer_id");
CREATE TABLE "receipts" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "customer_id" CHAR(36) NOT NULL,
    "state" VARCHAR(40) NOT NULL  /* The state of a consent, as the Data Privacy Vocabulary names it. */,
    "made_at" TIMESTAMP NOT NULL,
    "document" TEXT NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "consent_id" CHAR(36) NOT NULL REFERENCES "consents" ("id") ON DELETE RESTRICT
) /* A receipt for one turn of one consent, never edited. */;
CREATE INDEX "idx_receipts_custome_24b54c" ON "receipts" ("customer_id");
CREATE INDEX "idx_receipts_consent_00e8d1" ON "receipts" ("consent_id");
CREATE TABLE "sessions" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "token_hash" BLOB NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "ended_at" TIMESTAMP,
    "confirmed_until" TIMESTAMP   /* by the password once more */,
    "last_seen_at" TIMESTAMP,
    "agent" VARCHAR(40)   /* What somebody signed in with, as it calls itself. */,
    "place" BLOB,
    "new_place" INT NOT NULL DEFAULT 0,
    "actor_id" CHAR(36) NOT NULL REFERENCES "accounts" ("id") ON DELETE CASCADE
) /* A bearer token, kept only as its SHA-256: 32 bytes, so that the table opens no door. */;
CREATE INDEX "idx_sessions_actor_i_3aca3c" ON "sessions" ("actor_id");
CREATE TABLE "submissions" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "key_id" CHAR(36) NOT NULL,
    "taken_at" TIMESTAMP NOT NULL
) /* A sealed submission that was taken: its nonce is the id. Nothing of what was in it. */;
CREATE INDEX "idx_submissions_key_id_1c0b33" ON "submissions" ("key_id");
CREATE TABLE "suppressions" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "bucket" SMALLINT NOT NULL,
    "digest" BLOB NOT NULL,
    "imports_only" INT NOT NULL DEFAULT 0,
    "at" TIMESTAMP NOT NULL
) /* An address or personal code of somebody who left, by which nobody is to be taken in again. */;
CREATE INDEX "idx_suppression_bucket_c6fa19" ON "suppressions" ("bucket");
CREATE TABLE "tasks" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL DEFAULT 1,
    "purpose" VARCHAR(20) NOT NULL,
    "status" VARCHAR(40) NOT NULL  /* Whether a task is open. */,
    "opened_at" TIMESTAMP NOT NULL,
    "due_at" TIMESTAMP,
    "extended_at" TIMESTAMP,
    "handed_back_at" TIMESTAMP,
    "occasion" VARCHAR(40)   /* What of the customer's own asks for a task, as it was when the task was given or put off last. */,
    "priority" VARCHAR(40) NOT NULL  /* How urgent a task is; the values sort from the most urgent. */ DEFAULT '2-normal',
    "content" BLOB,
    "closed_at" TIMESTAMP,
    "outcome" VARCHAR(40)   /* How a task ended. */,
    "agreement_id" CHAR(36) REFERENCES "agreements" ("id") ON DELETE RESTRICT,
    "assignee_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE SET NULL,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "opened_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE SET NULL
) /* One task for one customer and one purpose, carried by an employee or a partner's client. */;
CREATE INDEX "idx_tasks_agreeme_ac3b9c" ON "tasks" ("agreement_id");
CREATE INDEX "idx_tasks_assigne_1fb53f" ON "tasks" ("assignee_id");
CREATE INDEX "idx_tasks_custome_c62ce7" ON "tasks" ("customer_id");
CREATE INDEX "idx_tasks_opened__7fdedd" ON "tasks" ("opened_by_id");
CREATE INDEX "idx_tasks_custome_7198f1" ON "tasks" ("customer_id", "assignee_id", "status");
CREATE TABLE "requests" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "kind" VARCHAR(40) NOT NULL  /* which right */,
    "category" VARCHAR(40) NOT NULL  /* the category of the row */,
    "record_id" CHAR(36),
    "record_revision" INT,
    "content" BLOB,
    "state" VARCHAR(40) NOT NULL  /* The state of a request. */,
    "received_at" TIMESTAMP NOT NULL,
    "due_at" TIMESTAMP NOT NULL,
    "extended_at" TIMESTAMP,
    "decided_at" TIMESTAMP,
    "decided_roles" VARCHAR(200) NOT NULL,
    "overdue" INT NOT NULL,
    "medium" VARCHAR(40)   /* How somebody told what the customer wants. */,
    "proof" VARCHAR(40)   /* How surely it is known that it was the customer who asked. */,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "decided_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE SET NULL,
    "recorded_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "task_id" CHAR(36) REFERENCES "tasks" ("id") ON DELETE SET NULL
) /* One request of one customer about one field of one row. */;
CREATE INDEX "idx_requests_record__3ac024" ON "requests" ("record_id");
CREATE INDEX "idx_requests_custome_5e6215" ON "requests" ("customer_id");
CREATE INDEX "idx_requests_decided_261f59" ON "requests" ("decided_by_id");
CREATE INDEX "idx_requests_recorde_ea71c4" ON "requests" ("recorded_by_id");
CREATE INDEX "idx_requests_task_id_e7ac41" ON "requests" ("task_id");
CREATE INDEX "idx_requests_state_60083c" ON "requests" ("state", "due_at");
CREATE TABLE "scans" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "kind" VARCHAR(40)   /* What a scan is, as its content shows. */,
    "state" VARCHAR(40) NOT NULL  /* How far a scan has come. */,
    "size" INT NOT NULL,
    "received" INT NOT NULL,
    "begun_at" TIMESTAMP NOT NULL,
    "ends_at" TIMESTAMP,
    "added_by_id" CHAR(36) NOT NULL REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "instruction_id" CHAR(36) REFERENCES "instructions" ("id") ON DELETE CASCADE,
    "request_id" CHAR(36) REFERENCES "requests" ("id") ON DELETE CASCADE
) /* The scan of one letter that an instruction or a request came by. */;
CREATE INDEX "idx_scans_ends_at_fdb204" ON "scans" ("ends_at");
CREATE INDEX "idx_scans_added_b_943d5d" ON "scans" ("added_by_id");
CREATE INDEX "idx_scans_custome_60b91f" ON "scans" ("customer_id");
CREATE INDEX "idx_scans_instruc_0e801c" ON "scans" ("instruction_id");
CREATE INDEX "idx_scans_request_ab4727" ON "scans" ("request_id");
CREATE TABLE "scan_parts" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "customer_id" CHAR(36) NOT NULL,
    "sealed_under" VARCHAR(40) NOT NULL,
    "number" INT NOT NULL,
    "content" BLOB NOT NULL,
    "scan_id" CHAR(36) NOT NULL REFERENCES "scans" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_scan_parts_scan_id_221a37" UNIQUE ("scan_id", "number")
) /* A part of a scan, numbered from 0; sealed under the key of what it came with, and so erased with that. */;
CREATE INDEX "idx_scan_parts_custome_42a1da" ON "scan_parts" ("customer_id");
CREATE INDEX "idx_scan_parts_scan_id_21dc22" ON "scan_parts" ("scan_id");
CREATE TABLE "task_reviews" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "revision" INT NOT NULL,
    "reason" VARCHAR(40) NOT NULL  /* Why a task is reviewed. */,
    "given_at" TIMESTAMP NOT NULL,
    "content" BLOB,
    "verdict" VARCHAR(40)   /* The verdict of a review. */,
    "reviewed_at" TIMESTAMP,
    "customer_id" CHAR(36) NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
    "given_by_id" CHAR(36) NOT NULL REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "given_to_id" CHAR(36) NOT NULL REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "reviewed_by_id" CHAR(36) REFERENCES "accounts" ("id") ON DELETE RESTRICT,
    "task_id" CHAR(36) NOT NULL REFERENCES "tasks" ("id") ON DELETE RESTRICT
) /* One giving of a task, or putting off of its day, that has to be reviewed; without a verdict until it is. */;
CREATE INDEX "idx_task_review_custome_f12c0c" ON "task_reviews" ("customer_id");
CREATE INDEX "idx_task_review_given_b_65b48c" ON "task_reviews" ("given_by_id");
CREATE INDEX "idx_task_review_given_t_2a871f" ON "task_reviews" ("given_to_id");
CREATE INDEX "idx_task_review_reviewe_4d2306" ON "task_reviews" ("reviewed_by_id");
CREATE INDEX "idx_task_review_task_id_da0e86" ON "task_reviews" ("task_id");
CREATE INDEX "idx_task_review_verdict_06b294" ON "task_reviews" ("verdict", "given_at");
CREATE TABLE "totps" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "secret" BLOB NOT NULL,
    "last_step" BIGINT NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "confirmed_at" TIMESTAMP,
    "actor_id" CHAR(36) NOT NULL UNIQUE REFERENCES "accounts" ("id") ON DELETE CASCADE
) /* The secret that an actor's codes are made from; it counts once a code of it was shown. */;
CREATE TABLE "recovery_codes" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "digest" BLOB NOT NULL,
    "used_at" TIMESTAMP,
    "totp_id" CHAR(36) NOT NULL REFERENCES "totps" ("id") ON DELETE CASCADE
) /* A code that works once instead of a changing one; kept as a keyed hash of 32 bytes. */;
CREATE INDEX "idx_recovery_co_totp_id_1d42db" ON "recovery_codes" ("totp_id");
CREATE TABLE "withdrawals" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "customer_id" CHAR(36) NOT NULL,
    "step" VARCHAR(40) NOT NULL  /* The last step of a withdrawal that is done; each can be repeated. */,
    "at" TIMESTAMP NOT NULL,
    "completed_at" TIMESTAMP,
    "token_hash" BLOB,
    "counts" TEXT NOT NULL,
    "entry" BIGINT,
    "certificate" TEXT
) /* One withdrawal of one customer. */;
CREATE INDEX "idx_withdrawals_custome_c993f9" ON "withdrawals" ("customer_id");
