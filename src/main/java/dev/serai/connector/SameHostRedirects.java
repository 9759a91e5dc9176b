package dev.serai.connector;

import java.net.URI;

import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.URIAuthority;

/** Where may a redirect lead? Only within the host, port and scheme asked: credentials go nowhere else. */
final class SameHostRedirects extends DefaultRedirectStrategy {
    @Override
    public boolean isRedirected(HttpRequest request, HttpResponse response, HttpContext context) {
        try {
            if (!super.isRedirected(request, response, context)) {
                return false;
            }
            URI target = getLocationURI(request, response, context);
            return target.getScheme().equalsIgnoreCase(request.getScheme())
                    && new URIAuthority(target.getHost(), target.getPort()).equals(request.getAuthority());
        } catch (HttpException e) {
            // A redirect to nowhere is an answer like any other that is no success.
            return false;
        }
    }
}
