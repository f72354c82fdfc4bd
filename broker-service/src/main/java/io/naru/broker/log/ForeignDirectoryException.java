package io.naru.broker.log;

import java.io.IOException;

/** A data directory belongs to someone else, or someone else has it open. The message says what to do. */
public final class ForeignDirectoryException extends IOException {

    private static final long serialVersionUID = 1;

    ForeignDirectoryException(String message) {
        super(message);
    }
}
