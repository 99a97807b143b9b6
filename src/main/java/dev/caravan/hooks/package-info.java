/** Which of GitHub's hooks send, and which have gone silent. */
@NullMarked
package dev.caravan.hooks;

import org.jspecify.annotations.NullMarked;
