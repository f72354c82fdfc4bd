package io.naru.admin.metadata;

import java.util.List;

/** {@link ChangeHistory} on JPA. */
final class JpaChangeHistory implements ChangeHistory {

    private final String path;
    private final MetadataRows rows;

    JpaChangeHistory(String path, MetadataRows rows) {
        this.path = path;
        this.rows = rows;
    }

    @Override
    public Page page(Query query) {
        List<ChangeRow> found = rows.changes(
                path,
                query.kind() == null ? "" : query.kind().name(),
                query.resource() == null ? "" : query.resource(),
                query.before().imageVersion(),
                query.before().ordinal(),
                query.limit() + 1);
        boolean more = found.size() > query.limit();
        List<Entry> entries =
                found.stream().limit(query.limit()).map(ChangeRow::entry).toList();
        return new Page(entries, more ? entries.get(entries.size() - 1).place() : null);
    }
}
