package local

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"orderops/aws/local/cloudformation/template"
	"orderops/aws/local/lambda"
)

// builder makes the resources of one deployment, each when it is first needed.
type builder struct {
	cloud      *Cloud
	deployment Deployment
	scope      *template.Scope
	makers     map[string]maker

	declared map[string]template.Resource
	made     map[string]*resource
	// making holds what is being made, to find circles.
	making map[string]bool

	apis    []string // their ids
	sources []lambda.Source
}

// resource is what a template can ask of a made resource.
type resource struct {
	// ref is the physical id: what Ref gives.
	ref        string
	attributes map[string]string
}

// maker makes one type of resource. p are its evaluated properties, nil for none.
type maker func(b *builder, r template.Resource, p *template.Node) (*resource, error)

func newBuilder(c *Cloud, d Deployment, t *template.Template, scope *template.Scope) *builder {
	b := &builder{
		cloud: c, deployment: d, scope: scope, makers: makers(),
		declared: map[string]template.Resource{}, made: map[string]*resource{}, making: map[string]bool{},
	}
	for _, r := range t.Resources {
		b.declared[r.Name] = r
	}
	scope.Resource = func(name, attribute string) (string, bool, error) {
		made, ok, err := b.make(name)
		if !ok || err != nil {
			return "", false, err
		}
		if attribute == "" {
			return made.ref, true, nil
		}
		value, ok := made.attributes[attribute]
		return value, ok, nil
	}
	return b
}

// makers are all types of resources that the local cloud makes or, for inert
// ones, accepts.
func makers() map[string]maker {
	all := map[string]maker{
		"AWS::SQS::Queue":               makeQueue,
		"AWS::SNS::Topic":               makeTopic,
		"AWS::SNS::Subscription":        makeSubscription,
		"AWS::DynamoDB::Table":          makeTable,
		"AWS::Logs::LogGroup":           makeLogGroup,
		"AWS::Serverless::Function":     makeFunction,
		"AWS::Serverless::StateMachine": makeStateMachine,
		"AWS::Serverless::Api":          makeAPI,
		"AWS::IAM::Role":                makeRole,
	}
	for _, kind := range inert() {
		all[kind] = makeInert
	}
	return all
}

// make gives a resource, making it and what it depends on first. ok is false
// when there is none, or its condition does not hold.
func (b *builder) make(name string) (made *resource, ok bool, err error) {
	if made := b.made[name]; made != nil {
		return made, true, nil
	}
	r, ok := b.declared[name]
	if !ok {
		return nil, false, nil
	}
	if holds, err := b.scope.Holds(r.Condition, r.Line); err != nil || !holds {
		return nil, false, err
	}
	if b.making[name] {
		return nil, false, problem(r, errors.New("resources depend on each other in a circle"))
	}
	b.making[name] = true
	defer delete(b.making, name)
	maker, ok := b.makers[r.Type]
	if !ok {
		return nil, false, problem(r, fmt.Errorf("the local AWS does not know resources of type %s", r.Type))
	}
	for _, before := range r.DependsOn {
		if _, ok := b.declared[before]; !ok {
			return nil, false, problem(r, fmt.Errorf("it depends on %q, and there is no such resource", before))
		}
		if _, _, err := b.make(before); err != nil {
			return nil, false, err
		}
	}
	properties, err := b.scope.Resolve(r.Properties)
	if err != nil {
		return nil, false, err
	}
	made, err = maker(b, r, properties)
	if err != nil {
		return nil, false, problem(r, err)
	}
	b.made[name] = made
	return made, true, nil
}

// problem names the resource and its line, unless the error knows a better one.
func problem(r template.Resource, err error) error {
	if _, ok := errors.AsType[*template.Error](err); ok {
		return err
	}
	return &template.Error{Line: r.Line, Problem: r.Name + ": " + err.Error(), Err: err}
}

// name is the resource's own name, or one made up as CloudFormation does.
func (b *builder) name(r template.Resource, own string) string {
	if own != "" {
		return own
	}
	return b.deployment.Stack + "-" + r.Name + "-" + strings.ToUpper(b.id(r))
}

// id makes an id of letters and digits, always the same for a resource: a
// template that grows must not change the ids that a seeded cloud gives to messages.
func (b *builder) id(r template.Resource) string {
	sum := sha256.Sum256([]byte(b.deployment.Stack + "/" + r.Name))
	return hex.EncodeToString(sum[:6])
}

// finish starts the event sources, which all resources must be there for.
func (b *builder) finish() error {
	for _, s := range b.sources {
		if err := b.cloud.lambda.AddSource(s); err != nil {
			return err
		}
	}
	return nil
}
