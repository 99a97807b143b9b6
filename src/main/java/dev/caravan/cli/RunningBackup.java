package dev.caravan.cli;

import java.io.InputStream;

/**
 * What a running server sends of its log.
 *
 * @param size about how many bytes that will be
 */
record RunningBackup(InputStream pages, long size) {}
