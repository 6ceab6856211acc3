package local

import (
	"encoding/json"
	"slices"
	"strings"

	"orderops/aws/local/cloudformation/template"
)

func makeQueue(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	numbers := []string{
		"DelaySeconds", "MaximumMessageSize", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds",
		"VisibilityTimeout", "SqsManagedSseEnabled",
	}
	policies := []string{"RedrivePolicy", "RedriveAllowPolicy"}
	if err := p.Only("a queue", slices.Concat(numbers, policies, []string{"QueueName", "Tags"})...); err != nil {
		return nil, err
	}
	own, err := p.String("QueueName")
	if err != nil {
		return nil, err
	}
	attributes := map[string]string{}
	for _, name := range numbers {
		if p.Get(name) == nil {
			continue
		}
		if attributes[name], err = p.String(name); err != nil {
			return nil, err
		}
	}
	for _, name := range policies {
		if policy := p.Get(name); policy != nil {
			attributes[name] = jsonText(policy)
		}
	}
	name := b.name(r, own)
	url, err := b.cloud.sqs.CreateQueue(name, attributes)
	if err != nil {
		return nil, err
	}
	return &resource{ref: url, attributes: map[string]string{
		"Arn": b.cloud.sqs.QueueARN(name), "QueueName": name, "QueueUrl": url,
	}}, nil
}

// jsonText writes a node as JSON. Texts that are numbers or truth values are written as such.
func jsonText(n *template.Node) string {
	switch n.Kind {
	case template.Map:
		parts := make([]string, len(n.Fields))
		for i, f := range n.Fields {
			parts[i] = quoted(f.Name) + ":" + jsonText(f.Value)
		}
		return "{" + strings.Join(parts, ",") + "}"
	case template.List:
		parts := make([]string, len(n.Items))
		for i, item := range n.Items {
			parts[i] = jsonText(item)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case template.Null:
		return "null"
	default:
		var number json.Number
		if n.Text == "true" || n.Text == "false" || json.Unmarshal([]byte(n.Text), &number) == nil {
			return n.Text
		}
		return quoted(n.Text)
	}
}

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		return `""` // a string always encodes
	}
	return string(b)
}

func makeTopic(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	if err := p.Only("a topic", "TopicName", "DisplayName", "Tags", "KmsMasterKeyId"); err != nil {
		return nil, err
	}
	name := b.name(r, text(p, "TopicName"))
	arn, err := b.cloud.sns.CreateTopic(name, map[string]string{"DisplayName": text(p, "DisplayName")})
	if err != nil {
		return nil, err
	}
	return &resource{ref: arn, attributes: map[string]string{"TopicArn": arn, "TopicName": name}}, nil
}

// makeSubscription subscribes an address and confirms it at once: the mailbox
// is the cloud's own, and nobody would click the link.
func makeSubscription(b *builder, _ template.Resource, p *template.Node) (*resource, error) {
	if err := p.Only("a subscription", "TopicArn", "Protocol", "Endpoint"); err != nil {
		return nil, err
	}
	if protocol := text(p, "Protocol"); protocol != "email" {
		return nil, p.Errorf("the local AWS delivers to email only, not to %q", protocol)
	}
	arn, err := b.cloud.sns.SubscribeMail(text(p, "TopicArn"), text(p, "Endpoint"))
	if err != nil {
		return nil, err
	}
	return &resource{ref: arn, attributes: map[string]string{"Arn": arn}}, nil
}

func makeTable(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	// These are in a request to make a table, too.
	asked := []string{"AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes"}
	err := p.Only("a table", append([]string{
		"TableName", "PointInTimeRecoverySpecification", "SSESpecification", "DeletionProtectionEnabled", "Tags",
	}, asked...)...)
	if err != nil {
		return nil, err
	}
	own, err := p.String("TableName")
	if err != nil {
		return nil, err
	}
	name := b.name(r, own)
	request := []string{`"TableName":` + quoted(name)}
	for _, member := range asked {
		if value := p.Get(member); value != nil {
			request = append(request, quoted(member)+":"+jsonText(value))
		}
	}
	if err := b.cloud.dynamodb.CreateTable([]byte("{" + strings.Join(request, ",") + "}")); err != nil {
		return nil, err
	}
	return &resource{ref: name, attributes: map[string]string{
		"Arn": b.cloud.identity.ARN("dynamodb", "table/"+name),
	}}, nil
}

// items are a list's, none of a missing one.
func items(n *template.Node) []*template.Node {
	if n == nil {
		return nil
	}
	return n.Items
}

// text is a member's text, "" when it is missing or no text.
func text(n *template.Node, name string) string {
	value, err := n.String(name)
	if err != nil {
		return ""
	}
	return value
}

func makeLogGroup(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	if err := p.Only("a log group", "LogGroupName", "RetentionInDays", "Tags"); err != nil {
		return nil, err
	}
	own, err := p.String("LogGroupName")
	if err != nil {
		return nil, err
	}
	days, err := p.Int("RetentionInDays", 0)
	if err != nil {
		return nil, err
	}
	name := b.name(r, own)
	return &resource{ref: name, attributes: map[string]string{"Arn": b.cloud.logs.CreateGroup(name, days) + ":*"}}, nil
}
