package dev.caravan.console;

/**
 * What surrounds every page.
 *
 * @param place the part of the console that it belongs to
 * @param trouble why deliveries cannot be accepted at the moment, or an empty text
 */
public record Frame(String title, Place place, Session session, String trouble) {
  /** The parts of the console. */
  public enum Place {
    DELIVERIES("Deliveries", "/"),
    SUBSCRIPTIONS("Subscriptions", "/subscriptions"),
    WHAT_IF("What if", "/what-if"),
    OVERVIEW("Overview", "/overview"),
    REFUSED("Refused", "/refused"),
    GITHUB("GitHub", "/github");

    private final String label;
    private final String path;

    Place(String label, String path) {
      this.label = label;
      this.path = path;
    }

    public String label() {
      return label;
    }

    public String path() {
      return path;
    }
  }
}
