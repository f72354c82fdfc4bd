package io.naru.admin.metadata;

import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a database still needs after a commit for the commit to survive a power cut. PostgreSQL needs nothing. H2 writes a committed
 * transaction to its file but leaves it to the operating system when it reaches the disk; {@code CHECKPOINT SYNC} forces it.
 */
interface DatabaseDurability {

    /** Returns once everything committed so far is on disk. */
    void afterCommit();

    /** For a database that makes commits durable itself. */
    static DatabaseDurability none() {
        return () -> {};
    }

    /** For H2. */
    static DatabaseDurability h2(DataSource database) {
        JdbcTemplate jdbc = new JdbcTemplate(database);
        return () -> jdbc.execute("CHECKPOINT SYNC");
    }
}
