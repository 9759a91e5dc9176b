package dev.serai.api;

import java.util.function.Supplier;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;

import dev.serai.access.CallerAuthentication;
import dev.serai.access.Role;

/**
 * Where a token is needed: for {@code /api} as the OpenAPI file says, for the actuator but the health probes. No session,
 * no cookie, hence no CSRF; no CORS. The page's static files are open.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    SecurityFilterChain security(
            HttpSecurity http,
            Contract contract,
            Refusals refusals,
            AuthenticationManagerResolver<HttpServletRequest> tokenVerifier)
            throws Exception {
        // Who logs in because a token has expired may well send it along.
        DefaultBearerTokenResolver bearer = new DefaultBearerTokenResolver();
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .anonymous(Customizer.withDefaults())
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(
                                "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.NO_REFERRER)))
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                                .permitAll()
                                .requestMatchers("/actuator/health/liveness", "/actuator/health/readiness")
                                .permitAll()
                                .requestMatchers("/actuator/**")
                                .access(SecurityConfiguration::mayLookInside)
                                .requestMatchers(contract::isOpen)
                                .permitAll()
                                .requestMatchers("/api", "/api/**", "/mcp", "/mcp/**")
                                .authenticated()
                                .anyRequest()
                                .permitAll())
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .oauth2ResourceServer(tokens -> tokens.authenticationManagerResolver(tokenVerifier)
                        .bearerTokenResolver(request -> contract.isOpen(request) ? null : bearer.resolve(request))
                        .authenticationEntryPoint(refusals)
                        .accessDeniedHandler(refusals)
                        .withObjectPostProcessor(new ObjectPostProcessor<BearerTokenAuthenticationFilter>() {
                            @Override
                            public <T extends BearerTokenAuthenticationFilter> T postProcess(T filter) {
                                // Else an issuer that is down would be a server error without a problem.
                                AuthenticationEntryPointFailureHandler handler =
                                        new AuthenticationEntryPointFailureHandler(refusals);
                                handler.setRethrowAuthenticationServiceException(false);
                                filter.setAuthenticationFailureHandler(handler);
                                return filter;
                            }
                        }))
                .build();
    }

    /** Percent signs may stand in a model's name; a method that a path does not take is told so by what knows paths. */
    @Bean
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedPercent(true);
        firewall.setUnsafeAllowAnyHttpMethod(true);
        return firewall;
    }

    private static AuthorizationDecision mayLookInside(
            Supplier<Authentication> authentication, RequestAuthorizationContext context) {
        return new AuthorizationDecision(authentication.get() instanceof CallerAuthentication known
                && known.caller().is(Role.MEMBER));
    }
}
