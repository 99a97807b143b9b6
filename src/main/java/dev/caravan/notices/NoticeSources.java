package dev.caravan.notices;

import dev.caravan.hooks.HookActivity;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.LogFigures;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The parts of the program that {@link NoticeWatch} asks.
 *
 * @param trouble why deliveries cannot be accepted at the moment, or an empty text
 * @param turnedAway how many deliveries were turned away since the start
 * @param brokenFiles what is wrong with each broken route file, by its name
 */
public record NoticeSources(
    LogFigures figures,
    DeliveryHistory history,
    HookActivity hooks,
    Supplier<String> trouble,
    LongSupplier turnedAway,
    Supplier<Map<String, String>> brokenFiles) {}
