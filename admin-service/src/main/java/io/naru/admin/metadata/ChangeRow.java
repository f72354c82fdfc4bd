package io.naru.admin.metadata;

import io.naru.admin.controller.Note;
import io.naru.cluster.control.Actor;
import jakarta.persistence.Convert;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;

/** Who changed what. */
@Entity
@Table(name = "change_history")
class ChangeRow {

    @EmbeddedId
    ChangeKey key = new ChangeKey("", -1, -1);

    Instant changedAt = Instant.EPOCH;
    String principal = "";
    String client = "";
    String address = "";

    @Enumerated(EnumType.STRING)
    Note.Action changeAction = Note.Action.ALTER_CONFIGS;

    @Enumerated(EnumType.STRING)
    Note.Kind resourceKind = Note.Kind.TOPIC;

    String resource = "";

    @Convert(converter = ValuesConverter.class)
    Map<String, String> valueBefore = Map.of();

    @Convert(converter = ValuesConverter.class)
    Map<String, String> valueAfter = Map.of();

    protected ChangeRow() {}

    ChangeRow(ChangeKey key, Instant changedAt, Note note) {
        this.key = key;
        this.changedAt = changedAt;
        this.principal = note.actor().principal();
        this.client = note.actor().client();
        this.address = note.actor().address();
        this.changeAction = note.action();
        this.resourceKind = note.kind();
        this.resource = note.resource();
        this.valueBefore = note.before();
        this.valueAfter = note.after();
    }

    ChangeHistory.Entry entry() {
        Actor actor = new Actor(principal, client, address);
        return new ChangeHistory.Entry(
                key.imageVersion(),
                key.ordinal(),
                changedAt,
                new Note(actor, changeAction, resourceKind, resource, valueBefore, valueAfter));
    }
}
