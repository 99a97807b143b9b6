/**
 * Where copies of the log are kept, away from this machine's disk: a directory ({@link
 * dev.caravan.storage.DirectoryStorage}), or S3 or a compatible service ({@link
 * dev.caravan.storage.S3Storage}).
 */
@NullMarked
package dev.caravan.storage;

import org.jspecify.annotations.NullMarked;
