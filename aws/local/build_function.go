package local

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"orderops/aws/local/cloudformation/template"
	"orderops/aws/local/lambda"
	"orderops/aws/local/stepfunctions"
)

func makeFunction(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	err := p.Only("a function", "FunctionName", "Handler", "Timeout", "Environment", "Events",
		// These decide where and with what rights the code runs on AWS.
		"Architectures", "CodeUri", "Description", "LoggingConfig", "MemorySize", "PackageType", "Policies",
		"ReservedConcurrentExecutions", "Role", "Runtime", "Tags", "Tracing")
	if err != nil {
		return nil, err
	}
	seconds, err := p.Int("Timeout", int(lambda.DefaultTimeout/time.Second))
	if err != nil {
		return nil, err
	}
	own, err := p.String("FunctionName")
	if err != nil {
		return nil, err
	}
	f := Function{
		Name: b.name(r, own), Handler: text(p, "Handler"),
		Environment: map[string]string{}, Timeout: time.Duration(seconds) * time.Second,
	}
	if variables := p.Get("Environment").Get("Variables"); variables != nil {
		for _, v := range variables.Fields {
			if v.Value.Kind != template.Scalar {
				return nil, v.Value.Errorf("the variable %s must be a text", v.Name)
			}
			f.Environment[v.Name] = v.Value.Text
		}
	}
	if role := text(p, "Role"); role != "" {
		f.Environment["AWS_ACCESS_KEY_ID"] = roleName(role)
	}
	if err := b.register(f); err != nil {
		return nil, err
	}
	if err := b.events(f, text(p, "Role"), p.Get("Events")); err != nil {
		return nil, err
	}
	return &resource{ref: f.Name, attributes: map[string]string{"Arn": b.cloud.lambda.ARN(f.Name)}}, nil
}

func (b *builder) register(f Function) error {
	if b.deployment.Functions == nil {
		if !b.cloud.lambda.SetTimeout(f.Name, f.Timeout) {
			return fmt.Errorf("no code is registered for the function %s", f.Name)
		}
		return nil
	}
	handler, err := b.deployment.Functions(f)
	if err != nil {
		return fmt.Errorf("code of the function %s: %w", f.Name, err)
	}
	b.cloud.lambda.Register(f.Name, handler, f.Timeout)
	return nil
}

// events notes the event sources of a function; they start with the stack complete.
func (b *builder) events(f Function, role string, events *template.Node) error {
	if events == nil {
		return nil
	}
	for _, e := range events.Fields {
		if kind := text(e.Value, "Type"); kind != "SQS" {
			return e.Value.Errorf("the local AWS has event sources of type SQS only, not %q", kind)
		}
		p := e.Value.Get("Properties")
		err := p.Only("an SQS event source", "Queue", "BatchSize", "Enabled", "FunctionResponseTypes")
		if err != nil {
			return err
		}
		size, err := p.Int("BatchSize", 10)
		if err != nil {
			return err
		}
		if size < 1 || size > 10 {
			return p.Get("BatchSize").Errorf("the local AWS has batches of 1 to 10 messages, not %d", size)
		}
		queue := text(p, "Queue")
		if !strings.HasPrefix(queue, "arn:") {
			return e.Value.Errorf("Queue must be the ARN of a queue")
		}
		source := lambda.Source{
			Function: f.Name, QueueARN: queue, BatchSize: size,
			Disabled: strings.EqualFold(text(p, "Enabled"), "false"),
		}
		for _, kind := range items(p.Get("FunctionResponseTypes")) {
			if kind.Text != "ReportBatchItemFailures" {
				return kind.Errorf("there is no response type %q", kind.Text)
			}
			source.ReportBatchItemFailures = true
		}
		if err := b.cloud.permitted(role, queue, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"); err != nil {
			return err
		}
		b.sources = append(b.sources, source)
	}
	return nil
}

func makeStateMachine(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	err := p.Only("a state machine", "Name", "Type", "DefinitionUri", "DefinitionSubstitutions",
		"Logging", "Policies", "Role", "Tags", "Tracing")
	if err != nil {
		return nil, err
	}
	if kind := text(p, "Type"); kind != "" && kind != "STANDARD" {
		return nil, fmt.Errorf("the local AWS has STANDARD state machines only, not %s", kind)
	}
	own, err := p.String("Name")
	if err != nil {
		return nil, err
	}
	uri := text(p, "DefinitionUri")
	if uri == "" || b.deployment.Files == nil {
		return nil, fmt.Errorf("the definition must be a file that DefinitionUri names")
	}
	file, err := b.deployment.Files(uri)
	if err != nil {
		return nil, fmt.Errorf("read the definition %s: %w", uri, err)
	}
	definition := substitute(string(file), p.Get("DefinitionSubstitutions"))
	name := b.name(r, own)
	role := text(p, "Role")
	if role == "" {
		role = "arn:aws:iam::" + b.cloud.Account() + ":role/" + b.name(r, "") + "Role"
	}
	logging, err := loggingOf(p.Get("Logging"))
	if err != nil {
		return nil, err
	}
	if logging != nil {
		if err := b.cloud.permitted(role, "*", "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
			"logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"); err != nil {
			return nil, err
		}
	}
	machine, err := b.cloud.stepfunctions.CreateStateMachine(context.Background(), &stepfunctions.CreateStateMachineInput{
		Name: name, Definition: definition, RoleArn: role, LoggingConfiguration: logging,
	})
	if err != nil {
		return nil, err
	}
	return &resource{ref: machine.StateMachineArn, attributes: map[string]string{"Arn": machine.StateMachineArn, "Name": name}}, nil
}

// loggingOf reads the Logging of a state machine; nil when there is none.
func loggingOf(p *template.Node) (*stepfunctions.Logging, error) {
	if p == nil {
		return nil, nil
	}
	if err := p.Only("logging", "Level", "IncludeExecutionData", "Destinations"); err != nil {
		return nil, err
	}
	l := &stepfunctions.Logging{
		Level:                cmp.Or(text(p, "Level"), "OFF"),
		IncludeExecutionData: strings.EqualFold(text(p, "IncludeExecutionData"), "true"),
	}
	for _, d := range items(p.Get("Destinations")) {
		var group stepfunctions.Destination
		group.CloudWatchLogsLogGroup.LogGroupArn = text(d.Get("CloudWatchLogsLogGroup"), "LogGroupArn")
		l.Destinations = append(l.Destinations, group)
	}
	return l, nil
}

// substitute replaces ${Name} in a definition, as text, by the substitutions.
func substitute(definition string, substitutions *template.Node) string {
	if substitutions == nil {
		return definition
	}
	var pairs []string
	for _, f := range substitutions.Fields {
		pairs = append(pairs, "${"+f.Name+"}", f.Value.Text)
	}
	return strings.NewReplacer(pairs...).Replace(definition)
}
