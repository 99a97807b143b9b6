package dev.caravan.github.recovery;

import java.util.List;

/**
 * The result of a recovery. Each delivery that GitHub has is here, not wanted, arrived, or missing:
 * {@code seen = here + notWanted + arrived + missing.size()}.
 *
 * @param seen deliveries GitHub has, each counted once however often it was attempted
 * @param here those already in the log, whatever GitHub says about them
 * @param notWanted those that no route wants
 * @param asked how many GitHub was asked to send again
 * @param arrived how many have arrived since the recovery began
 */
public record RecoveryReport(
    long seen, long here, long notWanted, long asked, long arrived, List<StillMissing> missing) {}
