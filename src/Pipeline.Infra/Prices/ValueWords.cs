namespace Pipeline.Infra;

/// <summary>The words of the value page in one language. No word of the trade stands here; a test holds the list.</summary>
internal sealed record ValueWords
{
    internal static readonly ValueWords English = new()
    {
        Language = "en",
        Title = "What the new setup costs, and what it saves",
        Today = "Today",
        New = "New setup",
        CostTitle = "More per month",
        CostText = "{0} today, {1} with the new setup",
        RiskTitle = "Parts without a stand-in",
        RiskText = "{0} today, {1} with the new setup. When such a part breaks, customers cannot use the service or lose something until it is back.",
        EvenTitle = "Pays for itself from",
        EvenText = "{0} of outage avoided per month, at our own revenue of {1} per hour",
        Hours = "{0} hours",
        Minutes = "{0} minutes",
        GrowthTitle = "Room to grow",
        GrowthText = "The new setup can grow by itself from {0} to {1} machines when more customers come, and shrinks again at night. Today there is {2}, and it stays at that.",
        BelowText = "If we lose less than this to outages, today's setup is cheaper. The new setup then buys sleep and room to grow, not money.",
        CheaperText = "The new setup costs no more than today's.",
        SourcesTitle = "Where the figures come from",
        ForWhat = "For what",
        PerMonth = "Per month",
        From = "Price, day and source",
        Uncertain = "not certain",
        NoPrice = "no price known",
        PricesNote = "Prices in US dollars before tax, region {0}. The prices are read from the sources on the day that stands beside each; ask for a fresh offer before you sign.",
        RevenueNote = "Revenue per hour is the company's own figure, given for this page. No survey figure is used.",
        RiskNote = "The count of parts comes from taking away every single part of each setup in turn, on paper.",
        Names = new Dictionary<string, string>
        {
            ["nat-hour"] = "private way out to other companies",
            ["nat-gb"] = "traffic on the private way out",
            ["endpoint-hour"] = "private way to the provider's own services",
            ["endpoint-gb"] = "traffic on that way",
            ["public-address-hour"] = "public addresses",
            ["load-balancer-hour"] = "reception that shares the work out",
            ["load-balancer-lcu-hour"] = "work of the reception",
            ["zone-gb"] = "traffic between buildings",
            ["internet-gb"] = "traffic to customers",
            ["fargate-vcpu-hour"] = "computing by the hour",
            ["fargate-gb-hour"] = "memory by the hour",
            ["server"] = "machines",
            ["database"] = "records of our customers",
            ["database-disk-gb"] = "space for records",
            ["cache"] = "who is logged in",
            ["file-gb"] = "pictures and files",
            ["file-put-1000"] = "files saved",
            ["file-get-1000"] = "files opened",
            ["queue-million"] = "list of waiting work",
            ["disk-gb"] = "space on the machines",
            ["log-gb"] = "diary of the machines",
        },
    };

    internal static readonly ValueWords Korean = new()
    {
        Language = "ko",
        Title = "새 구성의 비용과 효과",
        Today = "현재",
        New = "새 구성",
        CostTitle = "매달 더 드는 비용",
        CostText = "현재 {0}, 새 구성 {1}",
        RiskTitle = "대신할 것이 없는 부분",
        RiskText = "현재 {0}곳, 새 구성 {1}곳. 이런 곳이 고장 나면 돌아올 때까지 고객이 서비스를 쓰지 못하거나 무언가를 잃습니다.",
        EvenTitle = "이만큼만 막아도 본전",
        EvenText = "한 달에 막은 중단 시간 {0}, 우리 회사 시간당 매출 {1} 기준",
        Hours = "{0}시간",
        Minutes = "{0}분",
        GrowthTitle = "성장 여력",
        GrowthText = "고객이 늘면 새 구성은 기계를 {0}대에서 {1}대까지 스스로 늘리고, 밤에는 다시 줄입니다. 현재는 {2}대뿐이며 늘어나지 않습니다.",
        BelowText = "중단으로 잃는 돈이 이보다 적다면 현재 구성이 더 쌉니다. 그때 새 구성이 사 주는 것은 돈이 아니라 안심과 성장 여력입니다.",
        CheaperText = "새 구성의 비용은 현재보다 많지 않습니다.",
        SourcesTitle = "숫자의 출처",
        ForWhat = "무엇에",
        PerMonth = "한 달 비용",
        From = "가격, 확인한 날, 출처",
        Uncertain = "확실하지 않음",
        NoPrice = "가격을 모름",
        PricesNote = "가격은 세금 전 미국 달러이며 지역은 {0}입니다. 각 가격 옆의 날짜에 출처에서 읽었습니다. 계약 전에 새 견적을 받으십시오.",
        RevenueNote = "시간당 매출은 이 문서를 위해 회사가 직접 준 숫자입니다. 설문 조사 숫자는 쓰지 않았습니다.",
        RiskNote = "대신할 것이 없는 부분의 수는 각 구성에서 부품을 하나씩 빼 보며 센 것입니다.",
        Names = new Dictionary<string, string>
        {
            ["nat-hour"] = "다른 회사로 나가는 전용 통로",
            ["nat-gb"] = "전용 통로의 전송량",
            ["endpoint-hour"] = "제공 회사 서비스로 가는 전용 통로",
            ["endpoint-gb"] = "그 통로의 전송량",
            ["public-address-hour"] = "공개 주소",
            ["load-balancer-hour"] = "일을 나누어 주는 접수 창구",
            ["load-balancer-lcu-hour"] = "접수 창구의 작업량",
            ["zone-gb"] = "건물 사이의 전송량",
            ["internet-gb"] = "고객에게 가는 전송량",
            ["fargate-vcpu-hour"] = "시간제 계산",
            ["fargate-gb-hour"] = "시간제 기억 공간",
            ["server"] = "기계",
            ["database"] = "고객 기록",
            ["database-disk-gb"] = "기록 보관 공간",
            ["cache"] = "누가 로그인했는지",
            ["file-gb"] = "사진과 파일",
            ["file-put-1000"] = "저장한 파일",
            ["file-get-1000"] = "열어 본 파일",
            ["queue-million"] = "대기 중인 일의 목록",
            ["disk-gb"] = "기계의 저장 공간",
            ["log-gb"] = "기계의 일지",
        },
    };

    internal required string Language { get; init; }

    internal required string Title { get; init; }

    internal required string Today { get; init; }

    internal required string New { get; init; }

    internal required string CostTitle { get; init; }

    internal required string CostText { get; init; }

    internal required string RiskTitle { get; init; }

    internal required string RiskText { get; init; }

    internal required string EvenTitle { get; init; }

    internal required string EvenText { get; init; }

    internal required string Hours { get; init; }

    internal required string Minutes { get; init; }

    internal required string GrowthTitle { get; init; }

    internal required string GrowthText { get; init; }

    internal required string BelowText { get; init; }

    internal required string CheaperText { get; init; }

    internal required string SourcesTitle { get; init; }

    internal required string ForWhat { get; init; }

    internal required string PerMonth { get; init; }

    internal required string From { get; init; }

    internal required string Uncertain { get; init; }

    internal required string NoPrice { get; init; }

    internal required string PricesNote { get; init; }

    internal required string RevenueNote { get; init; }

    internal required string RiskNote { get; init; }

    internal required IReadOnlyDictionary<string, string> Names { get; init; }

    internal string NameOf(string item) => Names.TryGetValue(item, out string? name) || Names.TryGetValue(item.Split(':')[0], out name) ? name : item;
}
