namespace Pipeline.Infra;

/// <summary>Builds load balancers with listeners, target groups and registered targets.</summary>
internal static class LoadBalancerBuilder
{
    internal static void Build(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::ElasticLoadBalancingV2::TargetGroup"))
            AddTargetGroup(context, resource);
        RegisterTargets(context);
        foreach (ResourceEntry resource in context.OfType("AWS::ElasticLoadBalancingV2::LoadBalancer"))
            AddLoadBalancer(context, resource);
        foreach (ResourceEntry resource in context.OfType("AWS::ElasticLoadBalancing::LoadBalancer"))
            AddClassic(context, resource);
    }

    internal static Dictionary<string, Value> Attributes(Value list)
    {
        Dictionary<string, Value> attributes = new(StringComparer.Ordinal);
        foreach (Value item in Facts.Items(list))
        {
            if (Facts.Text(Facts.Entry(item, "Key")) is { } key)
                attributes[key] = Facts.Entry(item, "Value");
        }

        return attributes;
    }

    private static void AddTargetGroup(BuildContext context, ResourceEntry resource)
    {
        string type = Facts.Text(resource.Get("TargetType")) ?? "instance";
        string protocol = Facts.Text(resource.Get("Protocol")) ?? "HTTP";
        bool? preserves = null;
        if (Attributes(resource.Get("TargetGroupAttributes")).TryGetValue("preserve_client_ip.enabled", out Value? attribute))
            preserves = Facts.Bool(attribute);
        TargetGroup group = new()
        {
            Name = resource.Name,
            Resource = resource,
            Port = Facts.Int(resource.Get("Port")),
            HealthCheckPort = Facts.Int(resource.Get("HealthCheckPort")),
            TargetType = type,
            Protocol = protocol,
            // Instances see the client's address; ip targets do for UDP only, unless the attribute says otherwise.
            PreservesClientAddress = preserves ?? (type == "instance" || protocol is "UDP" or "TCP_UDP"),
            Gap = resource.Get("Port") is UnknownValue unknown ? BuildContext.GapOf(resource, "Port", unknown, "", "") : null,
        };
        foreach (Value target in Facts.Items(resource.Get("Targets")))
        {
            if (Facts.Entry(target, "Id") is ReferenceValue { Resource: var registered })
                group.Targets.Add(new RegisteredTarget(registered, Facts.Int(Facts.Entry(target, "Port"))));
            else
                group.Gap ??= BuildContext.GapOf(resource, "Targets", Facts.Entry(target, "Id"), "a target is named by its address, which the template does not tie to a resource.", "Name the target by its resource.");
        }

        context.TargetGroups.Add(resource, group);
        context.Model.TargetGroups.Add(group);
    }

    private static void RegisterTargets(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::AutoScaling::AutoScalingGroup"))
        {
            foreach (Value value in Facts.Items(resource.Get("TargetGroupARNs")))
                Register(context, value, resource, null);
        }

        foreach (ResourceEntry resource in context.OfType("AWS::ECS::Service"))
        {
            foreach (Value value in Facts.Items(resource.Get("LoadBalancers")))
                Register(context, Facts.Entry(value, "TargetGroupArn"), resource, Facts.Int(Facts.Entry(value, "ContainerPort")));
        }
    }

    private static void Register(BuildContext context, Value group, ResourceEntry target, int? port)
    {
        if (group is ReferenceValue { Resource: var resource } && context.TargetGroups.TryGetValue(resource, out TargetGroup? known))
            known.Targets.Add(new RegisteredTarget(target, port));
    }

    private static void AddLoadBalancer(BuildContext context, ResourceEntry resource)
    {
        string type = Facts.Text(resource.Get("Type")) ?? "application";
        if (type == "gateway")
        {
            context.Model.Refused.Add(new RefusedResource(resource, VpcBuilder.NotModeled(resource, "A gateway load balancer")));
            return;
        }

        InterfaceKind kind = type == "network" ? InterfaceKind.NetworkLoadBalancer : InterfaceKind.ApplicationLoadBalancer;
        LoadBalancer balancer = new() { Name = resource.Name, Resource = resource, Kind = kind };
        AddListeners(context, resource, balancer);
        Value subnets = resource.Get("Subnets");
        if (subnets is AbsentValue && resource.Get("SubnetMappings") is ListValue mappings)
            subnets = new ListValue([.. mappings.Items.Select(item => Facts.Entry(item, "SubnetId"))]);
        Value scheme = resource.Get("Scheme");
        Value groups = resource.Get("SecurityGroups");
        balancer.Interfaces.AddRange(InterfaceBuilder.Add(context, new InterfaceRequest(resource, kind, context.SubnetsOf(resource, "Subnets", subnets))
        {
            Groups = groups,
            GroupProperty = "SecurityGroups",
            HasGroups = kind == InterfaceKind.ApplicationLoadBalancer || Facts.Items(groups).Count > 0,
            Public = scheme switch
            {
                TextValue { Content: "internal" } => new TextValue("false"),
                TextValue or AbsentValue => new TextValue("true"),
                _ => scheme,
            },
            PublicProperty = "Scheme",
            Listening = [.. balancer.Listeners.Select(listener => listener.Match)],
            IsListeningOnly = true,
            LoadBalancer = balancer,
            WantsIpv6 = Facts.Text(resource.Get("IpAddressType"))?.StartsWith("dualstack", StringComparison.Ordinal) ?? false,
        }));
        context.LoadBalancers.Add(resource, balancer);
        context.Model.LoadBalancers.Add(balancer);
    }

    private static void AddListeners(BuildContext context, ResourceEntry resource, LoadBalancer balancer)
    {
        foreach (ResourceEntry entry in context.OfType("AWS::ElasticLoadBalancingV2::Listener"))
        {
            if (entry.Get("LoadBalancerArn") is not ReferenceValue { Resource: var owner } || owner != resource)
                continue;
            Value port = entry.Get("Port");
            string protocol = Facts.Text(entry.Get("Protocol")) ?? "HTTP";
            int? number = Facts.Int(port);
            (UInt128 first, UInt128 last) = number is { } known ? ((UInt128)known, (UInt128)known) : (1, 65535);
            int transport = protocol is "UDP" ? Protocols.Udp : Protocols.Tcp;
            Listener listener = new()
            {
                Name = entry.Name,
                At = entry.At,
                Match = new PortMatch(transport, new Interval(first, last)),
                Gap = number is null ? BuildContext.GapOf(entry, "Port", port, "the port is not known.", "Write Port.")
                    : entry.Exists.Known is null ? BuildContext.ExistenceGap(entry) : null,
            };
            balancer.Listeners.Add(listener);
            if (protocol == "TCP_UDP")
                balancer.Listeners.Add(new Listener { Name = entry.Name, At = entry.At, Match = new PortMatch(Protocols.Udp, new Interval(first, last)), Gap = listener.Gap });
            AddActions(context, entry.Get("DefaultActions"), listener);
            foreach (ResourceEntry rule in context.OfType("AWS::ElasticLoadBalancingV2::ListenerRule"))
            {
                if (rule.Get("ListenerArn") is ReferenceValue { Resource: var ruled } && ruled == entry)
                    AddActions(context, rule.Get("Actions"), listener);
            }
        }
    }

    private static void AddActions(BuildContext context, Value actions, Listener listener)
    {
        foreach (Value action in Facts.Items(actions))
        {
            List<Value> groups = new()
            { Facts.Entry(action, "TargetGroupArn") };
            groups.AddRange(Facts.Items(Facts.Entry(Facts.Entry(action, "ForwardConfig"), "TargetGroups")).Select(item => Facts.Entry(item, "TargetGroupArn")));
            foreach (Value value in groups)
            {
                if (value is ReferenceValue { Resource: var resource } && context.TargetGroups.TryGetValue(resource, out TargetGroup? group) && !listener.Targets.Contains(group))
                    listener.Targets.Add(group);
            }

            if (Facts.Text(Facts.Entry(action, "Type")) is "redirect" or "fixed-response")
                listener.AnswersItself = true;
        }
    }

    private static void AddClassic(BuildContext context, ResourceEntry resource)
    {
        LoadBalancer balancer = new() { Name = resource.Name, Resource = resource, Kind = InterfaceKind.ClassicLoadBalancer };
        foreach (Value item in Facts.Items(resource.Get("Listeners")))
        {
            int? port = Facts.Int(Facts.Entry(item, "LoadBalancerPort"));
            (UInt128 first, UInt128 last) = port is { } known ? ((UInt128)known, (UInt128)known) : (1, 65535);
            Location at = Facts.Place(item, resource.At);
            Listener listener = new()
            {
                Name = $"listener {port} of {resource.Name}",
                At = at,
                Match = new PortMatch(Protocols.Tcp, new Interval(first, last)),
                Gap = port is null ? BuildContext.GapOf(resource, "Listeners", Facts.Entry(item, "LoadBalancerPort"), "the port is not known.", "Write LoadBalancerPort.") with { At = at } : null,
            };
            TargetGroup group = new() { Name = listener.Name, Resource = resource, Port = Facts.Int(Facts.Entry(item, "InstancePort")), TargetType = "instance", Protocol = "TCP" };
            foreach (Value instance in Facts.Items(resource.Get("Instances")))
            {
                if (instance is ReferenceValue { Resource: var target })
                    group.Targets.Add(new RegisteredTarget(target, null));
            }

            foreach (ResourceEntry scaling in context.OfType("AWS::AutoScaling::AutoScalingGroup"))
            {
                if (Facts.Items(scaling.Get("LoadBalancerNames")).OfType<ReferenceValue>().Any(name => name.Resource == resource))
                    group.Targets.Add(new RegisteredTarget(scaling, null));
            }

            foreach (ResourceEntry service in context.OfType("AWS::ECS::Service"))
            {
                if (Facts.Items(service.Get("LoadBalancers")).Any(item => Facts.Entry(item, "LoadBalancerName") is ReferenceValue name && name.Resource == resource))
                    group.Targets.Add(new RegisteredTarget(service, null));
            }

            listener.Targets.Add(group);
            balancer.Listeners.Add(listener);
        }

        balancer.Interfaces.AddRange(InterfaceBuilder.Add(context, new InterfaceRequest(resource, InterfaceKind.ClassicLoadBalancer, context.SubnetsOf(resource, "Subnets", resource.Get("Subnets")))
        {
            Groups = resource.Get("SecurityGroups"),
            GroupProperty = "SecurityGroups",
            Public = Facts.Text(resource.Get("Scheme")) == "internal" ? new TextValue("false") : new TextValue("true"),
            PublicProperty = "Scheme",
            Listening = [.. balancer.Listeners.Select(listener => listener.Match)],
            IsListeningOnly = true,
            LoadBalancer = balancer,
        }));
        context.LoadBalancers.Add(resource, balancer);
        context.Model.LoadBalancers.Add(balancer);
    }
}
