/**
 * A log's file as pages: followed while it is written to ({@link
 * dev.caravan.log.pages.PageFollower}), kept separately when they have changed, and written to a
 * file again. Knows no SQL: what a page contains is the engine's business.
 */
@NullMarked
package dev.caravan.log.pages;

import org.jspecify.annotations.NullMarked;
