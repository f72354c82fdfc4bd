package io.naru.admin.metadata;

import java.util.Map;
import org.hibernate.boot.registry.StandardServiceInitiator;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.bytecode.internal.none.BytecodeProviderImpl;
import org.hibernate.bytecode.spi.BytecodeProvider;
import org.hibernate.service.spi.ServiceContributor;
import org.hibernate.service.spi.ServiceRegistryImplementor;

/**
 * Keeps Hibernate from generating classes. It would make proxies for lazy loading and accessors for fields at every start; the rows
 * here have no associations to load and are few, so that reflection will do, and the start is shorter by a thousand classes.
 *
 * <p>Public because Hibernate finds it through {@code META-INF/services}.
 */
public final class NoBytecode implements ServiceContributor, StandardServiceInitiator<BytecodeProvider> {

    @Override
    public void contribute(StandardServiceRegistryBuilder registry) {
        registry.addInitiator(this);
    }

    @Override
    public BytecodeProvider initiateService(Map<String, Object> settings, ServiceRegistryImplementor registry) {
        return new BytecodeProviderImpl();
    }

    @Override
    public Class<BytecodeProvider> getServiceInitiated() {
        return BytecodeProvider.class;
    }
}
