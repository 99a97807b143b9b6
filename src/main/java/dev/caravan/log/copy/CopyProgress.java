package dev.caravan.log.copy;

/** Is told how far a copy is. */
@FunctionalInterface
public interface CopyProgress {
  void at(String what, long done, long all);
}
