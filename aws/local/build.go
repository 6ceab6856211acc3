package local

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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

// makers make the types of resources that the local cloud knows. properties
// are a resource's own, evaluated.
func makers() map[string]func(b *builder, r template.Resource, properties *template.Node) (*resource, error) {
	return map[string]func(*builder, template.Resource, *template.Node) (*resource, error){
		"AWS::SQS::Queue":               makeQueue,
		"AWS::SNS::Topic":               makeTopic,
		"AWS::SNS::Subscription":        makeSubscription,
		"AWS::DynamoDB::Table":          makeTable,
		"AWS::Logs::LogGroup":           makeLogGroup,
		"AWS::Serverless::Function":     makeFunction,
		"AWS::Serverless::StateMachine": makeStateMachine,
		"AWS::Serverless::Api":          makeAPI,
		"AWS::IAM::Role":                makeRole,
		"AWS::CloudWatch::Alarm":        makeAlarm,
	}
}

func newBuilder(c *Cloud, d Deployment, t *template.Template, scope *template.Scope) *builder {
	b := &builder{
		cloud: c, deployment: d, scope: scope,
		declared: map[string]template.Resource{}, made: map[string]*resource{}, making: map[string]bool{},
	}
	for _, r := range t.Resources {
		b.declared[r.Name] = r
	}
	scope.Resource = func(name, attribute string) (string, bool, error) {
		made, err := b.make(name)
		switch {
		case made == nil || err != nil:
			return "", false, err
		case attribute == "":
			return made.ref, true, nil
		}
		value, ok := made.attributes[attribute]
		return value, ok, nil
	}
	return b
}

// make gives a resource, making it and what it depends on first; nil when there
// is none, or its condition does not hold.
func (b *builder) make(name string) (*resource, error) {
	r, declared := b.declared[name]
	if made := b.made[name]; made != nil || !declared {
		return made, nil
	}
	if holds, err := b.scope.Holds(r.Condition, r.Line); err != nil || !holds {
		return nil, err
	}
	if b.making[name] {
		return nil, problem(r, errors.New("resources depend on each other in a circle"))
	}
	b.making[name] = true
	defer delete(b.making, name)
	maker, ok := makers()[r.Type]
	if !ok {
		return nil, problem(r, fmt.Errorf("the local AWS does not know resources of type %s", r.Type))
	}
	properties, err := b.scope.Resolve(r.Properties)
	if err != nil {
		return nil, err
	}
	made, err := maker(b, r, properties)
	if err != nil {
		return nil, problem(r, err)
	}
	b.made[name] = made
	return made, nil
}

// problem names the resource and its line, unless the error knows a better one.
func problem(r template.Resource, err error) error {
	if _, ok := errors.AsType[*template.Error](err); ok {
		return err
	}
	return &template.Error{Line: r.Line, Problem: r.Name + ": " + err.Error(), Err: err}
}

// name is the resource's own name, or one made up as CloudFormation does.
func (b *builder) name(r template.Resource, own text) string {
	if own != "" {
		return string(own)
	}
	return b.deployment.Stack + "-" + r.Name + "-" + strings.ToUpper(b.id(r))
}

// id makes an id of letters and digits, always the same for a resource: a
// template that grows must not change the ids that a seeded cloud gives to messages.
func (b *builder) id(r template.Resource) string {
	sum := sha256.Sum256([]byte(b.deployment.Stack + "/" + r.Name))
	return hex.EncodeToString(sum[:6])
}

// text is a property that is a text, whatever it looks like; the JSON of any
// other value.
type text string

// UnmarshalJSON reads the value.
func (t *text) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, (*string)(t)) != nil {
		*t = text(b)
	}
	return nil
}
