package io.naru.gateway.format;

/** How the key or the value of a record is shown. */
public enum RecordFormat {
    /** JSON if it is some, else text if it is UTF-8, else Base64; each record says which. */
    AUTO,
    /** As JSON. */
    JSON,
    /** As a string. */
    TEXT,
    /** As a string of Base64. */
    BASE64
}
