#!/usr/bin/env bash
# Builds the image and runs it on Cloud Run. Can run again; the first time setup.sh runs it.
#
# REDIS_URL is a secret there, of a Redis in the network that the service joins: Memorystore.
#
#   PROJECT=my-project REGION=europe-west1 NETWORK=default PAY_URL=https://... ./deploy.sh
set -euo pipefail
cd "$(dirname "$0")"
: "${PROJECT:?}" "${REGION:?}" "${NETWORK:?}" "${PAY_URL:?is where the payment service is}"
export CLOUDSDK_CORE_PROJECT=$PROJECT

image="$REGION-docker.pkg.dev/$PROJECT/orders/orders:$(git rev-parse --short HEAD)"
npm run build
docker build --platform=linux/amd64 --tag="$image" .
docker push "$image"
# Private: the server does not check who posts to /charge, Cloud Run does. A public API is a service of its own.
gcloud run deploy orders --image="$image" --region="$REGION" --no-allow-unauthenticated \
  --service-account="orders@$PROJECT.iam.gserviceaccount.com" \
  --set-env-vars=PAY_URL="$PAY_URL" --set-secrets=REDIS_URL=redis-url:latest --vpc-egress=private-ranges-only --network="$NETWORK"
