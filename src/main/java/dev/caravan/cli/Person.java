package dev.caravan.cli;

import org.jspecify.annotations.Nullable;

/** The person at the terminal, if there is one. */
interface Person {
  /** The one of this process. */
  Person AT_THE_TERMINAL =
      new Person() {
        @Override
        public boolean isThere() {
          return Terminal.isThere();
        }

        @Override
        public @Nullable String answer(String question) {
          return System.console().readLine("%s", question);
        }
      };

  /** Whether somebody sits there. */
  boolean isThere();

  /** Asks who is there, and returns the line that is typed; null when nothing comes. */
  @Nullable String answer(String question);
}
