package dev.serai.access;

import java.util.List;

import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A verified token's caller, as Spring Security carries it. */
public final class CallerAuthentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;

    private final transient Caller caller;
    private final String via;

    CallerAuthentication(Caller caller, String via) {
        super(List.of());
        this.caller = caller;
        this.via = via;
        setAuthenticated(true);
    }

    public Caller caller() {
        return caller;
    }

    /** How the caller is known: {@code password}, {@code token:<id>} of a minted token, {@code oidc}. */
    public String via() {
        return via;
    }

    @Override
    public String getName() {
        return caller.subject();
    }

    @Override
    public Object getPrincipal() {
        return caller;
    }

    /** Nothing: the token is not kept. */
    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CallerAuthentication that && caller.equals(that.caller);
    }

    @Override
    public int hashCode() {
        return caller.hashCode();
    }
}
