package local

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"orderops/aws/local/cloudformation/template"
	"orderops/aws/local/lambda"
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
	_, err := b.cloud.dynamodb.Do("CreateTable", properties) // which refuses the properties that it does not know
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
	properties := map[string]text{}
	wire.Check(p.Decode(&properties))
	name := b.name(r, properties["AlarmName"])
	return &resource{name, map[string]string{"Arn": b.cloud.identity.ARN("cloudwatch", "alarm:"+name)}}, nil
}

// Handler is a Lambda function's code: JSON event in, JSON answer out.
type Handler = lambda.Handler

// Function is a Lambda function as a template declares it.
type Function struct {
	// Name is the FunctionName.
	Name string
	// Handler is the template's handler name.
	Handler string
	// Environment is the function's own variables, all references resolved, what
	// Lambda tells it of its name and log group, and the name of its role as
	// AWS_ACCESS_KEY_ID, with which its code signs.
	Environment map[string]string
	Timeout     time.Duration
}

// Function registers a Lambda function, or replaces its code. It may run for
// three seconds, Lambda's default. An error's ErrorType method names its type;
// without one its Go type does.
func (c *Cloud) Function(name string, f func(ctx context.Context, payload []byte) ([]byte, error)) {
	c.lambda.Register(name, f, 0, "")
}

// EnableEventSource switches the event source of a function on or off, as an
// operator does in an outage. Invocations under way finish. It tells an error
// if the function has none.
func (c *Cloud) EnableEventSource(function string, enabled bool) error {
	return c.lambda.EnableSource(function, enabled)
}

// functions lets Step Functions call Lambda with the rights of a machine's role.
type functions struct {
	cloud *Cloud
	role  string
}

// Invoke calls a function for a Task state.
func (f functions) Invoke(ctx context.Context, functionARN string, payload []byte) ([]byte, *lambda.Failure, error) {
	if err := f.cloud.permitted(f.role, functionARN, "lambda:InvokeFunction"); err != nil {
		return nil, nil, err
	}
	return f.cloud.lambda.Invoke(ctx, functionARN, payload)
}

// sendAs sends a message with the rights of a role.
func (c *Cloud) sendAs(roleARN, queue, body string) (messageID, md5 string, err error) {
	arn := c.sqs.QueueARN(queue)
	if err := c.permitted(roleARN, arn, "sqs:SendMessage"); err != nil {
		return "", "", err
	}
	return c.sqs.Send(arn, body)
}

// Put puts a message on a queue past every guard, for orders that nobody signs.
func (c *Cloud) Put(queue, body string) error {
	_, _, err := c.sqs.Send(c.sqs.QueueARN(queue), body)
	return err
}

func makeFunction(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	var function struct {
		FunctionName, Handler, Role text
		Timeout                     int
		Environment                 struct{ Variables map[string]text }
		Events                      map[string]struct {
			Type       string
			Properties eventProperties
		}
		LoggingConfig struct{ LogGroup text }
		// These decide where and with what rights the code runs on AWS.
		Architectures, CodeUri, Description, MemorySize, PackageType, Policies any
		ReservedConcurrentExecutions, Runtime, Tags, Tracing                   any
	}
	wire.Check(p.Decode(&function))
	f := Function{
		Name: b.name(r, function.FunctionName), Handler: string(function.Handler), Environment: map[string]string{},
		Timeout: cmp.Or(time.Duration(function.Timeout)*time.Second, lambda.DefaultTimeout),
	}
	for name, value := range function.Environment.Variables {
		f.Environment[name] = string(value)
	}
	group := cmp.Or(string(function.LoggingConfig.LogGroup), lambda.DefaultLogGroup+f.Name)
	f.Environment["AWS_LAMBDA_FUNCTION_NAME"], f.Environment["AWS_LAMBDA_LOG_GROUP_NAME"] = f.Name, group
	if function.Role != "" {
		f.Environment["AWS_ACCESS_KEY_ID"] = roleName(string(function.Role))
	}
	if b.deployment.Functions == nil {
		return nil, fmt.Errorf("no code is given for the function %s", f.Name)
	}
	handler, err := b.deployment.Functions(f)
	if err != nil {
		return nil, fmt.Errorf("code of the function %s: %w", f.Name, err)
	}
	b.cloud.lambda.Register(f.Name, handler, f.Timeout, group)
	for name, e := range function.Events {
		if e.Type != "SQS" {
			return nil, p.Get("Events").Get(name).Errorf("the local AWS has event sources of type SQS only, not %q", e.Type)
		}
		source, err := e.Properties.source(f.Name)
		if err == nil {
			err = b.cloud.permitted(string(function.Role), source.QueueARN, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
		}
		if err != nil {
			return nil, err
		}
		b.sources = append(b.sources, source)
	}
	return &resource{f.Name, map[string]string{"Arn": b.cloud.lambda.ARN(f.Name)}}, nil
}

// eventProperties are those of an event source. It starts with the stack complete.
type eventProperties struct {
	Queue                 string
	BatchSize             *int
	Enabled               *bool
	FunctionResponseTypes []string
}

func (p eventProperties) source(function string) (lambda.Source, error) {
	s := lambda.Source{Function: function, QueueARN: p.Queue, BatchSize: 10, Disabled: p.Enabled != nil && !*p.Enabled}
	if p.BatchSize != nil {
		s.BatchSize = *p.BatchSize
	}
	if s.BatchSize < 1 || s.BatchSize > 10 || !strings.HasPrefix(s.QueueARN, "arn:") {
		return s, fmt.Errorf("the local AWS has event sources with the ARN of a queue and batches of 1 to 10 messages, not %q and %d", s.QueueARN, s.BatchSize)
	}
	for _, kind := range p.FunctionResponseTypes {
		if kind != "ReportBatchItemFailures" {
			return s, fmt.Errorf("there is no response type %q", kind)
		}
		s.ReportBatchItemFailures = true
	}
	return s, nil
}

func makeStateMachine(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	var machine struct {
		Name, Type, DefinitionUri, Role text
		DefinitionSubstitutions         map[string]text
		Logging                         json.RawMessage
		Policies, Tags, Tracing         any
	}
	wire.Check(p.Decode(&machine))
	if machine.DefinitionUri == "" || b.deployment.Files == nil {
		return nil, fmt.Errorf("the definition must be a file that DefinitionUri names")
	}
	file, err := b.deployment.Files(string(machine.DefinitionUri))
	if err != nil {
		return nil, fmt.Errorf("read the definition %s: %w", machine.DefinitionUri, err)
	}
	var pairs []string
	for name, value := range machine.DefinitionSubstitutions {
		pairs = append(pairs, "${"+name+"}", string(value))
	}
	role := cmp.Or(string(machine.Role), "arn:aws:iam::"+b.cloud.Account()+":role/"+b.name(r, "")+"Role")
	if machine.Logging != nil {
		if err := b.cloud.permitted(role, "*", "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
			"logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"); err != nil {
			return nil, err
		}
	}
	name := b.name(r, machine.Name)
	_, err = b.cloud.stepfunctions.Do("CreateStateMachine", map[string]any{
		"name": name, "type": machine.Type, "definition": strings.NewReplacer(pairs...).Replace(string(file)),
		"roleArn": role, "loggingConfiguration": machine.Logging,
	})
	arn := b.cloud.identity.ARN("states", "stateMachine:"+name)
	return &resource{arn, map[string]string{"Arn": arn, "Name": name}}, err
}
