package local

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"orderops/aws/local/cloudformation"
	"orderops/aws/local/cloudformation/template"
	"orderops/aws/local/lambda"
	"orderops/aws/local/wire"
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
	scope.Resource = func(name, attribute string) (string, bool) {
		made := b.make(name)
		switch {
		case made == nil:
			return "", false
		case attribute == "":
			return made.ref, true
		}
		value, ok := made.attributes[attribute]
		return value, ok
	}
	return b
}

// make gives a resource, making it and what it depends on first; nil when there
// is none, or its condition does not hold.
func (b *builder) make(name string) *resource {
	r, declared := b.declared[name]
	if made := b.made[name]; made != nil || !declared {
		return made
	}
	if !wire.Must(b.scope.Holds(r.Condition, r.Line)) {
		return nil
	}
	if b.making[name] {
		wire.Check(problem(r, errors.New("resources depend on each other in a circle")))
	}
	b.making[name] = true
	defer delete(b.making, name)
	maker, ok := makers()[r.Type]
	if !ok {
		wire.Check(problem(r, fmt.Errorf("the local AWS does not know resources of type %s", r.Type)))
	}
	properties := wire.Must(b.scope.Resolve(r.Properties))
	made, err := wire.Try(func() (*resource, error) { return maker(b, r, properties) })
	if err != nil {
		wire.Check(problem(r, err))
	}
	b.made[name] = made
	return made
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

// Deployment is a stack to make.
type Deployment struct {
	Stack string
	// Template is CloudFormation or SAM, in YAML or JSON.
	Template []byte
	// Parameters override the template's defaults.
	Parameters map[string]string
	// Files reads what the template points to (DefinitionUri), by the path that
	// stands in the template. Nil means that there are no files.
	Files func(name string) ([]byte, error)
	// Functions gives the code of every function in the template. Nil means that
	// it has none.
	Functions func(f Function) (Handler, error)
}

// Deploy makes the resources of a template and starts its event sources. What
// the local cloud cannot do is an error with the template's line number. A
// failed deployment is not rolled back: close the cloud.
func (c *Cloud) Deploy(d Deployment) error {
	if _, err := wire.Try(func() (any, error) { return nil, c.deploy(d) }); err != nil {
		return fmt.Errorf("deploy stack %s: %w", d.Stack, err)
	}
	return nil
}

func (c *Cloud) deploy(d Deployment) error {
	if c.cloudformation.Exists(d.Stack) {
		return fmt.Errorf("it exists already")
	}
	t := wire.Must(template.Parse(d.Template))
	parameters := wire.Must(t.Values(d.Parameters))
	stack := cloudformation.Stack{
		ID: c.cloudformation.NewID(d.Stack), Name: d.Stack, Description: t.Description, Created: time.Now(),
	}
	for _, p := range t.Parameters {
		stack.Parameters = append(stack.Parameters, cloudformation.Parameter{Key: p.Name, Value: parameters[p.Name]})
	}
	values := maps.Clone(parameters)
	values["AWS::AccountId"] = c.Account()
	values["AWS::Partition"] = "aws"
	values["AWS::Region"] = c.Region()
	values["AWS::StackId"] = stack.ID
	values["AWS::StackName"] = stack.Name
	values["AWS::URLSuffix"] = urlSuffix

	b := newBuilder(c, d, t, t.Scope(values))
	for _, r := range t.Resources {
		if made := b.make(r.Name); made != nil {
			stack.Resources = append(stack.Resources, cloudformation.Resource{Logical: r.Name, Physical: made.ref, Type: r.Type})
		}
	}
	stack.Outputs = b.outputs(t)
	wire.Check(c.cloudformation.Add(stack))
	for _, s := range b.sources { // which all resources must be there for
		wire.Check(c.lambda.AddSource(s))
	}
	return nil
}

// urlSuffix ends the names of AWS's own hosts.
const urlSuffix = "amazonaws.com"

// outputs evaluates the outputs that exist.
func (b *builder) outputs(t *template.Template) (all []cloudformation.Output) {
	for _, o := range t.Outputs {
		if wire.Must(b.scope.Holds(o.Condition, o.Line)) {
			value := b.reachable(wire.Must(b.scope.Text(o.Value)))
			all = append(all, cloudformation.Output{Key: o.Name, Value: value, Description: o.Description})
		}
	}
	return all
}

// reachable replaces the host that an API has on AWS by the local one.
func (b *builder) reachable(value string) string {
	for _, id := range b.apis {
		host := fmt.Sprintf("https://%s.execute-api.%s.%s", id, b.cloud.Region(), urlSuffix)
		if path, ok := strings.CutPrefix(value, host); ok {
			return b.cloud.URL() + path
		}
	}
	return value
}
