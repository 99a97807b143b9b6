package dev.caravan.log.subscription;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A pattern for names of parts between slashes: {@code *} stands for any characters of one part,
 * {@code ?} for one, {@code **} for any across parts, and {@code **}{@code /} for any parts or
 * none.
 *
 * <p>Matching takes time in proportion to pattern and name, whatever they are: names come from
 * strangers. Immutable.
 */
final class Glob {
  private enum Kind {
    LITERAL,
    ANY_OF_A_PART,
    ONE_OF_A_PART,
    ANY,
    ANY_PARTS,
    WITHIN_PARTS
  }

  private record Token(Kind kind, char character) {}

  private final List<Token> tokens = new ArrayList<>();

  Glob(String pattern) {
    for (int at = 0; at < pattern.length(); at++) {
      if (pattern.startsWith("**/", at) && (at == 0 || pattern.charAt(at - 1) == '/')) {
        add(Kind.ANY_PARTS);
        add(Kind.WITHIN_PARTS);
        at += 2;
      } else if (pattern.startsWith("**", at)) {
        add(Kind.ANY);
        at++;
      } else {
        switch (pattern.charAt(at)) {
          case '*' -> add(Kind.ANY_OF_A_PART);
          case '?' -> add(Kind.ONE_OF_A_PART);
          default -> tokens.add(new Token(Kind.LITERAL, pattern.charAt(at)));
        }
      }
    }
  }

  private void add(Kind kind) {
    tokens.add(new Token(kind, ' '));
  }

  /** Whether the pattern stands for the whole name. */
  boolean matches(String name) {
    BitSet reached = new BitSet(tokens.size() + 1); // how many tokens may be behind us
    BitSet next = new BitSet(tokens.size() + 1);
    reach(reached, 0);
    for (int at = 0; at < name.length() && !reached.isEmpty(); at++) {
      next.clear();
      for (int token = reached.nextSetBit(0);
          token >= 0 && token < tokens.size();
          token = reached.nextSetBit(token + 1)) {
        take(name.charAt(at), token, next);
      }
      BitSet before = reached;
      reached = next;
      next = before;
    }
    return reached.get(tokens.size());
  }

  private void take(char character, int at, BitSet next) {
    Token token = tokens.get(at);
    boolean isSlash = character == '/';
    switch (token.kind()) {
      case LITERAL -> reachIf(token.character() == character, next, at + 1);
      case ONE_OF_A_PART -> reachIf(!isSlash, next, at + 1);
      case ANY_OF_A_PART -> reachIf(!isSlash, next, at);
      case ANY -> reach(next, at);
      case ANY_PARTS -> {} // only leads to what follows it
      case WITHIN_PARTS -> {
        next.set(at);
        reachIf(isSlash, next, at + 1);
      }
    }
  }

  private void reachIf(boolean condition, BitSet reached, int at) {
    if (condition) {
      reach(reached, at);
    }
  }

  /** That place, and all that can be reached from it without a character. */
  private void reach(BitSet reached, int at) {
    reached.set(at);
    if (at < tokens.size()) {
      switch (tokens.get(at).kind()) {
        case ANY_OF_A_PART, ANY -> reach(reached, at + 1);
        case ANY_PARTS -> {
          reached.set(at + 1);
          reach(reached, at + 2);
        }
        case LITERAL, ONE_OF_A_PART, WITHIN_PARTS -> {}
      }
    }
  }
}
