package dev.caravan.log.subscription;

/**
 * The progress of a subscription.
 *
 * @param running attempts handed out whose outcome is not known yet
 * @param waiting deliveries known to be next and not handed out yet; more may be in the log
 * @param behind whether the log holds deliveries the subscription has not looked at yet
 * @param paused whether it was paused by a person
 */
public record SubscriptionStatus(
    String name, int running, int waiting, boolean behind, boolean paused) {}
