/**
 * What is around the routes of a rehearsal: Camel contexts ({@link
 * dev.caravan.rehearsal.stage.Stage}) in which each endpoint that leads out of the program is one
 * that records what it is sent, and answers what it is told to.
 */
@NullMarked
package dev.caravan.rehearsal.stage;

import org.jspecify.annotations.NullMarked;
