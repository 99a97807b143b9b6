package dev.caravan.ingress.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The banker's algorithm: whether bodies that share memory could all be completed one after the
 * other, each with the memory that those before it give back.
 */
final class Banker {
  /** With more bodies than this it says no rather than sort them all. */
  private static final int MOST_COMPARED = 64;

  private Banker() {}

  /**
   * Whether they still could if one of them got more bytes.
   *
   * @param arriving the bodies that hold memory; the growing one may be among them
   * @param bytes what the growing one would get
   * @param left the bytes that would be free then
   */
  static boolean canAllEnd(
      Collection<BodyShare> arriving, BodyShare growing, long bytes, long left) {
    List<BodyShare> others = new ArrayList<>();
    long most = growing.remaining() - bytes;
    for (BodyShare share : arriving) {
      if (!share.isGivingWay && share != growing && share.held > 0) {
        others.add(share);
        most = Math.max(most, share.remaining());
      }
    }
    if (left >= most) {
      return true; // whichever is first
    }
    if (others.size() >= MOST_COMPARED) {
      return false;
    }
    others.add(growing);
    others.sort(Comparator.comparingLong(share -> needs(share, growing, bytes)));
    long available = left;
    for (BodyShare share : others) {
      if (needs(share, growing, bytes) > available) {
        return false;
      }
      available += share.held + (share == growing ? bytes : 0);
    }
    return true;
  }

  private static long needs(BodyShare share, BodyShare growing, long bytes) {
    return share.remaining() - (share == growing ? bytes : 0);
  }
}
