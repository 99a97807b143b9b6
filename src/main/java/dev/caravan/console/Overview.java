package dev.caravan.console;

import dev.caravan.log.LogNode;
import dev.caravan.log.Spool;
import dev.caravan.secrets.SecretStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of the program at this moment.
 *
 * @param node the name of this process among others; empty when there can be none
 * @param accepted requests answered 202 since the start
 * @param refused requests refused since the start, for any reason
 * @param lag deliveries that wait for their first attempt, in all subscriptions
 * @param due deliveries that will run again
 * @param deadLetters deliveries that were given up
 * @param onDisk bytes of the log
 * @param kept bytes it may grow to before payloads are deleted early
 * @param free free bytes on its disk
 * @param spool what waits on this machine's disk for a log that is elsewhere; null without a spool
 * @param nodes the nodes that share the log; empty when only one can use it
 * @param hooks when each hook last sent a delivery, by id; the longest silent first
 * @param certificates when each certificate expires, by port
 */
public record Overview(
    String node,
    long accepted,
    long refused,
    long lag,
    long due,
    long deadLetters,
    long onDisk,
    long kept,
    long free,
    Spool.@Nullable Waiting spool,
    List<LogNode> nodes,
    Map<String, Instant> hooks,
    List<SecretStatus> secrets,
    Map<String, Instant> certificates) {}
