package local

import (
	"fmt"
	"strings"

	"orderops/aws/local/apigateway"
	"orderops/aws/local/cloudformation/template"
)

// api is a REST API while it is deployed.
type api struct {
	// paths are the paths of its resources, by id; the root's is "".
	paths   map[string]string
	methods []apiMethod
	stages  []string
}

type apiMethod struct {
	verb string
	// resource is the id of the resource that has the method.
	resource string
	queueARN string
}

// apiID makes an id as API Gateway does: ten letters and digits.
func (b *builder) apiID() string {
	return strings.ReplaceAll(b.cloud.identity.UUID(), "-", "")[:10]
}

func makeAPI(b *builder, _ template.Resource, p *template.Node) (*resource, error) {
	if err := p.Only("a REST API", "Name", "Description", "EndpointConfiguration", "Tags"); err != nil {
		return nil, err
	}
	id, root := b.apiID(), b.apiID()
	b.apis[id] = &api{paths: map[string]string{root: ""}}
	return &resource{ref: id, attributes: map[string]string{"RestApiId": id, "RootResourceId": root}}, nil
}

// api finds the API that a resource's RestApiId names.
func (b *builder) api(p *template.Node) (*api, error) {
	found, ok := b.apis[text(p, "RestApiId")]
	if !ok {
		return nil, fmt.Errorf("RestApiId names no API of this template")
	}
	return found, nil
}

func makeAPIResource(b *builder, _ template.Resource, p *template.Node) (*resource, error) {
	if err := p.Only("an API's resource", "RestApiId", "ParentId", "PathPart"); err != nil {
		return nil, err
	}
	a, err := b.api(p)
	if err != nil {
		return nil, err
	}
	parent, ok := a.paths[text(p, "ParentId")]
	if !ok {
		return nil, fmt.Errorf("ParentId names no resource of the API")
	}
	part := text(p, "PathPart")
	if part == "" || strings.ContainsAny(part, "{}/") {
		return nil, fmt.Errorf("the local AWS has fixed path parts only, not %q", part)
	}
	id := b.apiID()
	a.paths[id] = parent + "/" + part
	return &resource{ref: id, attributes: map[string]string{"ResourceId": id}}, nil
}

func makeAPIMethod(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	err := p.Only("an API's method", "RestApiId", "ResourceId", "HttpMethod", "AuthorizationType", "ApiKeyRequired",
		"OperationName", "RequestValidatorId", "RequestModels", "MethodResponses", "Integration")
	if err != nil {
		return nil, err
	}
	a, err := b.api(p)
	if err != nil {
		return nil, err
	}
	if auth := text(p, "AuthorizationType"); auth != "NONE" {
		return nil, fmt.Errorf("the local AWS has methods without authorization only, not %q", auth)
	}
	m := apiMethod{verb: text(p, "HttpMethod"), resource: text(p, "ResourceId")}
	if _, ok := a.paths[m.resource]; !ok {
		return nil, fmt.Errorf("ResourceId names no resource of the API")
	}
	if m.queueARN, err = b.integration(p.Get("Integration")); err != nil {
		return nil, err
	}
	a.methods = append(a.methods, m)
	return &resource{ref: b.name(r, "")}, nil
}

// integration reads the one integration that there is: SendMessage on a queue,
// with the mapping that package apigateway performs.
func (b *builder) integration(p *template.Node) (queueARN string, err error) {
	if p == nil {
		return "", fmt.Errorf("the method has no Integration")
	}
	err = p.Only("an integration", "Type", "IntegrationHttpMethod", "Uri", "Credentials", "PassthroughBehavior",
		"RequestParameters", "RequestTemplates", "IntegrationResponses")
	if err != nil {
		return "", err
	}
	prefix := fmt.Sprintf("arn:aws:apigateway:%s:sqs:path/%s/", b.cloud.Region(), b.cloud.Account())
	queue, ok := strings.CutPrefix(text(p, "Uri"), prefix)
	if text(p, "Type") != "AWS" || !ok {
		return "", p.Errorf("the local AWS has integrations of type AWS with a queue only (Uri %s<queue>)", prefix)
	}
	templates := p.Get("RequestTemplates")
	if templates == nil || len(templates.Fields) != 1 || text(templates, "application/json") != apigateway.Mapping {
		return "", p.Errorf("the local AWS performs one request template for application/json only: %s", apigateway.Mapping)
	}
	return b.cloud.sqs.QueueARN(strings.TrimSuffix(queue, "/")), nil
}

func makeAPIStage(b *builder, _ template.Resource, p *template.Node) (*resource, error) {
	err := p.Only("an API's stage", "RestApiId", "DeploymentId", "StageName", "Description", "MethodSettings",
		"AccessLogSetting", "TracingEnabled", "Tags")
	if err != nil {
		return nil, err
	}
	a, err := b.api(p)
	if err != nil {
		return nil, err
	}
	stage := text(p, "StageName")
	if stage == "" {
		return nil, fmt.Errorf("the stage has no StageName")
	}
	a.stages = append(a.stages, stage)
	return &resource{ref: stage}, nil
}
