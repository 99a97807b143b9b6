/**
 * The memory that bodies are read into: how much there is, who gets it, and who gives way when it
 * is spent. Start with {@link dev.caravan.ingress.memory.ByteBudget}.
 */
@NullMarked
package dev.caravan.ingress.memory;

import org.jspecify.annotations.NullMarked;
