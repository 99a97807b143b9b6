package dev.caravan.rehearsal.stage;

import java.util.Map;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultResourceLoader;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.util.StringHelper;

/**
 * A Camel context in which an endpoint that leads out of the program is created, so that its
 * options are checked, but never started: one that records takes its place.
 */
final class StagedContext extends DefaultCamelContext {
  private static final Set<String> LOCAL = Set.of("classpath", "file", "ref", "bean", "base64");

  private final Onlooker onlooker;

  StagedContext(Onlooker onlooker) {
    super(false);
    this.onlooker = onlooker;
  }

  @Override
  public void addService(Object object) throws Exception {
    if (!leadsOut(object)) {
      super.addService(object);
    }
  }

  @Override
  public void addPrototypeService(Object object) {
    if (!leadsOut(object)) {
      super.addPrototypeService(object);
    }
  }

  private static boolean leadsOut(Object object) {
    return object instanceof Endpoint endpoint && RecordedEndpoint.leadsOut(endpoint);
  }

  /** Before anything else can wrap it, such as an interceptor of the route file. */
  @Override
  protected Endpoint addEndpointToRegistry(String uri, Endpoint endpoint) {
    return super.addEndpointToRegistry(uri, RecordedEndpoint.inPlaceOf(endpoint, onlooker));
  }

  /** Also of those that are beans, which Camel hands out as they are. */
  @Override
  protected Endpoint doGetEndpoint(
      String uri, Map<String, Object> parameters, boolean normalized, boolean prototype) {
    return RecordedEndpoint.inPlaceOf(
        super.doGetEndpoint(uri, parameters, normalized, prototype), onlooker);
  }

  /** A stylesheet or a script from another host would be fetched. */
  @Override
  protected ResourceLoader createResourceLoader() {
    return new DefaultResourceLoader(getCamelContextReference()) {
      @Override
      public Resource resolveResource(String uri) {
        String scheme = StringHelper.before(uri, ":");
        if (scheme != null && !LOCAL.contains(scheme)) {
          throw new IllegalArgumentException(
              "%s: is not read in a rehearsal, which asks nobody for anything".formatted(scheme));
        }
        return super.resolveResource(uri);
      }
    };
  }
}
