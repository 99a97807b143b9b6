/**
 * What route files share: the files of {@code routes/shared}, their versions, and who uses what
 * they offer. Start with {@link dev.caravan.routes.shared.SharedFiles}.
 */
@NullMarked
package dev.caravan.routes.shared;

import org.jspecify.annotations.NullMarked;
