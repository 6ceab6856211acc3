package local

import (
	"encoding/json"
	"fmt"
	"maps"

	"orderops/aws/local/cloudformation/template"
	"orderops/aws/local/wire"
)

// Each of these functions makes one type of resource. What a type has and its
// struct has no place for is refused; a member of type any changes nothing here.

func makeQueue(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	properties := map[string]text{}
	wire.Check(p.Decode(&properties))
	name := b.name(r, properties["QueueName"])
	attributes := map[string]string{}
	for attribute, value := range properties {
		attributes[attribute] = string(value)
	}
	maps.DeleteFunc(attributes, func(name, _ string) bool { return name == "QueueName" || name == "Tags" })
	url, err := b.cloud.sqs.CreateQueue(name, attributes)
	return &resource{url, map[string]string{"Arn": b.cloud.sqs.QueueARN(name), "QueueName": name, "QueueUrl": url}}, err
}

func makeTopic(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	var topic struct {
		TopicName, DisplayName text
		Tags, KmsMasterKeyId   any
	}
	wire.Check(p.Decode(&topic))
	name := b.name(r, topic.TopicName)
	arn, err := b.cloud.sns.CreateTopic(name, map[string]string{"DisplayName": string(topic.DisplayName)})
	return &resource{arn, map[string]string{"TopicArn": arn, "TopicName": name}}, err
}

// makeSubscription subscribes an address, which counts as confirmed.
func makeSubscription(b *builder, _ template.Resource, p *template.Node) (*resource, error) {
	var s struct{ TopicArn, Protocol, Endpoint string }
	wire.Check(p.Decode(&s))
	if s.Protocol != "email" {
		return nil, p.Errorf("the local AWS delivers to email only, not to %q", s.Protocol)
	}
	arn, err := b.cloud.sns.SubscribeMail(s.TopicArn, s.Endpoint, true)
	return &resource{ref: arn, attributes: map[string]string{"Arn": arn}}, err
}

func makeTable(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	properties := map[string]any{}
	wire.Check(p.Decode(&properties))
	own, _ := properties["TableName"].(string)
	name := b.name(r, text(own))
	properties["TableName"] = name
	for _, unseen := range []string{"PointInTimeRecoverySpecification", "SSESpecification", "DeletionProtectionEnabled", "Tags"} {
		delete(properties, unseen)
	}
	request, err := json.Marshal(properties)
	if err == nil {
		err = b.cloud.dynamodb.CreateTable(request) // which refuses the properties that it does not know
	}
	return &resource{name, map[string]string{"Arn": b.cloud.identity.ARN("dynamodb", "table/"+name)}}, err
}

func makeLogGroup(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	var group struct {
		LogGroupName    text
		RetentionInDays int
		Tags            any
	}
	wire.Check(p.Decode(&group))
	name := b.name(r, group.LogGroupName)
	return &resource{name, map[string]string{"Arn": b.cloud.logs.CreateGroup(name, group.RetentionInDays) + ":*"}}, nil
}

// makeAPI deploys a REST API.
func makeAPI(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	var api struct {
		StageName      text
		DefinitionBody json.RawMessage

		Name, Description, EndpointConfiguration, OpenApiVersion, AlwaysDeploy, MethodSettings, AccessLogSetting, TracingEnabled, Tags any
	}
	wire.Check(p.Decode(&api))
	if api.DefinitionBody == nil || api.StageName == "" {
		return nil, fmt.Errorf("an API needs a StageName and a DefinitionBody")
	}
	queues := fmt.Sprintf("arn:aws:apigateway:%s:sqs:path/%s/", b.cloud.Region(), b.cloud.Account())
	if err := b.cloud.apigateway.Deploy(string(api.StageName), queues, api.DefinitionBody); err != nil {
		return nil, p.Get("DefinitionBody").Errorf("%s", err)
	}
	id := b.id(r)
	b.apis = append(b.apis, id)
	return &resource{ref: id}, nil
}

func makeRole(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	var role struct {
		RoleName text
		Policies []struct {
			PolicyName     any
			PolicyDocument json.RawMessage
		}
		AssumeRolePolicyDocument, Description, Tags any
	}
	wire.Check(p.Decode(&role))
	name := b.name(r, role.RoleName)
	var documents [][]byte
	for _, policy := range role.Policies {
		documents = append(documents, policy.PolicyDocument)
	}
	b.cloud.mu.Lock()
	defer b.cloud.mu.Unlock()
	b.cloud.roles[name] = documents
	return &resource{name, map[string]string{"Arn": "arn:aws:iam::" + b.cloud.Account() + ":role/" + name}}, nil
}

// makeAlarm accepts an alarm, which nothing raises here.
func makeAlarm(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	own := text("")
	if named := p.Get("AlarmName"); named != nil {
		own = text(named.Text)
	}
	name := b.name(r, own)
	return &resource{name, map[string]string{"Arn": b.cloud.identity.ARN("cloudwatch", "alarm:"+name)}}, nil
}
