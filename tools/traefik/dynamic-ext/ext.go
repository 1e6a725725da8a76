// Package ext has the two fields without content that Traefik embeds for builds which add something to its configuration.
// Its go.mod takes them from a folder of its own repository, which the module's archive lacks because it is a module itself.
package ext

// HTTP adds nothing to the HTTP configuration.
type HTTP struct{}

// Router adds nothing to a router.
type Router struct{}
