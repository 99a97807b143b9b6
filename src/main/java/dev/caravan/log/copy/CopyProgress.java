package dev.caravan.log.copy;

/** Is told the progress of a copy. */
@FunctionalInterface
public interface CopyProgress {
  void at(String what, long done, long all);
}
