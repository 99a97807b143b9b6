/** The management port: what operators and probes ask, apart from the port GitHub posts to. */
@NullMarked
package dev.caravan.management;

import org.jspecify.annotations.NullMarked;
