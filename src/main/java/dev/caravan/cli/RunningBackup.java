package dev.caravan.cli;

import java.io.InputStream;

/**
 * A backup that a running server sends.
 *
 * @param size about how many bytes it will have
 */
record RunningBackup(InputStream pages, long size) {}
