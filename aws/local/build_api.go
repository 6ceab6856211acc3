package local

import (
	"fmt"

	"orderops/aws/local/cloudformation/template"
)

// makeAPI deploys a REST API. Its methods are there with the stack complete, as
// they need their queues.
func makeAPI(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	err := p.Only("an API", "Name", "StageName", "Description", "EndpointConfiguration", "OpenApiVersion", "AlwaysDeploy",
		"MethodSettings", "DefinitionBody", "AccessLogSetting", "TracingEnabled", "Tags")
	if err != nil {
		return nil, err
	}
	definition, stage := p.Get("DefinitionBody"), text(p, "StageName")
	if definition == nil || stage == "" {
		return nil, fmt.Errorf("an API needs a StageName and a DefinitionBody")
	}
	queues := fmt.Sprintf("arn:aws:apigateway:%s:sqs:path/%s/", b.cloud.Region(), b.cloud.Account())
	if err := b.cloud.apigateway.Deploy(stage, queues, []byte(jsonText(definition))); err != nil {
		return nil, definition.Errorf("%s", err)
	}
	id := b.id(r)
	b.apis = append(b.apis, id)
	return &resource{ref: id}, nil
}
