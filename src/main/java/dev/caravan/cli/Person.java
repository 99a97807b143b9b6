package dev.caravan.cli;

import org.jspecify.annotations.Nullable;

/** The person at the terminal, if there is one. */
interface Person {
  /** The person at this process's terminal. */
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

  /** Whether there is one. */
  boolean isThere();

  /** Asks a question and returns the typed line; null at the end of input. */
  @Nullable String answer(String question);
}
